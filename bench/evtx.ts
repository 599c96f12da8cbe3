/**
 * Speed of the EVTX decoder over the whole corpus, one thread, against `@ts-evtx/core` on the same files in the same
 * run: against its events (names and values, as ours), and against its rendering of XML text alone. Ratios are of
 * processor time, which a busy machine distorts less. Alone: `node bench/evtx.ts [CORPUS]`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { EvtxFile, evtx, setLogger } from '@ts-evtx/core';
import { createDecoder } from '../src/codecs/index.ts';
import { corpusDir } from '../test/corpus.ts';
import { type Figure, median } from './figure.ts';

const ROUNDS = 5;

interface CorpusFile {
  readonly path: string;
  readonly bytes: Buffer;
}

function readAll(corpus: string): CorpusFile[] {
  const folder = path.join(corpus, 'evtx');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.evtx'))
    .sort()
    .map((file) => path.join(folder, file))
    .map((file) => ({ path: file, bytes: readFileSync(file) }));
}

function decodeOurs(files: readonly CorpusFile[]): number {
  let records = 0;
  for (const file of files) {
    const decoder = createDecoder(
      { path: file.path, format: 'evtx' },
      {
        record: (record) => {
          if (record.recovered !== true) records += 1;
        },
        issue() {},
      },
    );
    decoder.push(file.bytes);
    decoder.end();
  }
  return records;
}

/** Their events: the names and values of `EventData`, as ours but without most of `System`. */
async function decodeTheirs(files: readonly CorpusFile[]): Promise<number> {
  let records = 0;
  for (const file of files) {
    try {
      await evtx(file.path).forEach(() => {
        records += 1;
      });
    } catch {
      // A file it refuses.
    }
  }
  return records;
}

/** Their XML alone, from which fields would still have to be read. */
async function renderTheirs(files: readonly CorpusFile[]): Promise<number> {
  let records = 0;
  for (const file of files) {
    try {
      for (const record of new EvtxFile(file.bytes).records()) {
        record.renderXml();
        records += 1;
      }
    } catch {
      // A file it refuses.
    }
  }
  return records;
}

interface Round {
  readonly records: number;
  readonly wall: number;
  /** Processor time, all threads: what a busy machine does not change. */
  readonly cpu: number;
}

async function measure(work: () => number | Promise<number>): Promise<Round> {
  const start = process.hrtime.bigint();
  const cpu = process.cpuUsage();
  const records = await work();
  const { user, system } = process.cpuUsage(cpu);
  return { records, wall: Number(process.hrtime.bigint() - start) / 1e9, cpu: (user + system) / 1e6 };
}

export async function run(corpus: string): Promise<readonly Figure[]> {
  silence();
  const files = readAll(corpus);
  const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0);
  const rounds: Round[] = [];
  const ours = async (): Promise<void> => {
    for (let round = 0; round < ROUNDS; round++) rounds.push(await measure(() => decodeOurs(files)));
  };
  await ours();
  const events = await measure(() => decodeTheirs(files));
  await ours();
  const xml = await measure(() => renderTheirs(files));
  await ours();
  const cold = rounds[0] as Round;
  const wall = median(rounds.slice(1).map((round) => round.wall));
  const rate = cold.records / median(rounds.slice(1).map((round) => round.cpu));
  return [
    { name: 'EVTX, live records read', value: cold.records, unit: 'records' },
    { name: 'EVTX, records read by @ts-evtx/core', value: events.records, unit: 'records' },
    { name: 'EVTX', value: cold.records / wall, unit: 'records/s' },
    { name: 'EVTX, first pass of a new process', value: cold.records / cold.wall, unit: 'records/s' },
    { name: 'EVTX, bytes of the files', value: bytes / wall / 1e6, unit: 'MB/s' },
    { name: '@ts-evtx/core, events', value: events.records / events.wall, unit: 'records/s' },
    { name: '@ts-evtx/core, XML text only', value: xml.records / xml.wall, unit: 'records/s' },
    {
      name: 'processor time per record: their events / ours',
      value: (rate * events.cpu) / events.records,
      unit: '×',
      target: '≥ 25 ×',
    },
    {
      name: 'processor time per record: their XML text / our fields',
      value: (rate * xml.cpu) / xml.records,
      unit: '×',
    },
  ];
}

/** The other reader reports each oddity on standard output. */
function silence(): void {
  const nothing = (): void => undefined;
  const quiet = {
    trace: nothing,
    debug: nothing,
    info: nothing,
    warn: nothing,
    error: nothing,
    child: () => quiet,
  };
  setLogger(quiet as Parameters<typeof setLogger>[0]);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const corpus = process.argv[2] ?? corpusDir();
  if (corpus !== undefined)
    for (const figure of await run(corpus)) console.log(figure.name, figure.value, figure.unit);
}
