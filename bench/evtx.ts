/**
 * Speed of the EVTX decoder over the whole corpus, one thread, against `@ts-evtx/core` on the same files in the same
 * run. Both decode every record to its values: ours to fields, theirs to its XML. Alone: `node bench/evtx.ts [CORPUS]`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { EvtxFile, setLogger } from '@ts-evtx/core';
import { createDecoder } from '../src/codecs/index.ts';
import { corpusDir } from '../test/corpus.ts';
import { type Figure, median } from './figure.ts';

const ROUNDS = 5;

function readAll(corpus: string): Buffer[] {
  const folder = path.join(corpus, 'evtx');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.evtx'))
    .sort()
    .map((file) => readFileSync(path.join(folder, file)));
}

function decodeOurs(files: readonly Buffer[]): number {
  let records = 0;
  for (const bytes of files) {
    const decoder = createDecoder(
      { path: '', format: 'evtx' },
      {
        record: (record) => {
          if (record.recovered !== true) records += 1;
        },
        issue() {},
      },
    );
    decoder.push(bytes);
    decoder.end();
  }
  return records;
}

function decodeTheirs(files: readonly Buffer[]): number {
  let records = 0;
  for (const bytes of files) {
    try {
      for (const record of new EvtxFile(bytes).records()) {
        record.renderXml();
        records += 1;
      }
    } catch {
      // A file it refuses, or a record that ends its reading of the file.
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

function measure(work: () => number): Round {
  const start = process.hrtime.bigint();
  const cpu = process.cpuUsage();
  const records = work();
  const { user, system } = process.cpuUsage(cpu);
  return { records, wall: Number(process.hrtime.bigint() - start) / 1e9, cpu: (user + system) / 1e6 };
}

export async function run(corpus: string): Promise<readonly Figure[]> {
  silence();
  const files = readAll(corpus);
  const bytes = files.reduce((sum, file) => sum + file.length, 0);
  const before = Array.from({ length: ROUNDS }, () => measure(() => decodeOurs(files)));
  const theirs = measure(() => decodeTheirs(files));
  const after = Array.from({ length: ROUNDS }, () => measure(() => decodeOurs(files)));
  const cold = before[0] as Round;
  const rounds = [...before.slice(1), ...after];
  const wall = median(rounds.map((round) => round.wall));
  const ratio = cold.records / median(rounds.map((round) => round.cpu)) / (theirs.records / theirs.cpu);
  return [
    { name: 'EVTX, live records read', value: cold.records, unit: 'records' },
    { name: 'EVTX, records read by @ts-evtx/core', value: theirs.records, unit: 'records' },
    { name: 'EVTX', value: cold.records / wall, unit: 'records/s' },
    { name: 'EVTX, first pass of a new process', value: cold.records / cold.wall, unit: 'records/s' },
    { name: 'EVTX, bytes of the files', value: bytes / wall / 1e6, unit: 'MB/s' },
    { name: '@ts-evtx/core', value: theirs.records / theirs.wall, unit: 'records/s' },
    {
      name: 'EVTX against @ts-evtx/core, processor time per record',
      value: ratio,
      unit: '×',
      target: '≥ 25 ×',
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
