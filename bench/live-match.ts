/**
 * What a live worker does to one event, in one thread and without the service around it: the lines of the load
 * generator decoded, normalised, matched with every SigmaHQ rule and written as rows, processor time by step.
 * By itself, for a profile too: `node [--cpu-prof] bench/live-match.ts [ROUNDS]`.
 */
import path from 'node:path';
import { createRecordDecoder, type RecordDecoder } from '../src/codecs/index.ts';
import type { Event, LogRecord } from '../src/model/event.ts';
import { createEventBlock, type RowMeta } from '../src/model/live/event-block.ts';
import { compileContent } from '../src/normalise/index.ts';
import { loadSourceContent, readYamlFiles, SHIPPED_CONTENT } from '../src/platform/content.ts';
import { compileRules, createMatcher, loadRules } from '../src/sigma/index.ts';
import { corpusDir } from '../test/corpus.ts';
import { loadLines, type Template } from '../test/live/lines.ts';
import { type Figure, median } from './figure.ts';

const RULE_FOLDERS = ['rules', 'rules-emerging-threats', 'rules-threat-hunting'];
const EVENTS = 6_000;
const BULK_SHARE = 0.4;
const STEPS = ['decode', 'normalise', 'match', 'serialise'] as const;
const META: Omit<RowMeta, 'seq'> = {
  node: 1,
  sender: { receiver: 'bench', peer: '127.0.0.1' },
  receivedAtMillis: Date.UTC(2026, 10, 25),
};

interface Line {
  readonly bytes: Buffer;
  readonly decoder: RecordDecoder;
}

/** Senders in turn, as the generator takes them: each keeps its decoder. */
function makeLines(): { syslog: Line[]; bulk: Line[] } {
  const { syslog, bulk } = loadLines();
  const senders = syslog.map((templates, index) => ({ templates, decoder: decoderOf(`syslog-${index}`) }));
  const bulkDecoder = createRecordDecoder({ path: 'bulk', format: 'json' });
  const bulkCount = Math.round(EVENTS * BULK_SHARE);
  return {
    syslog: Array.from({ length: EVENTS - bulkCount }, (_, number) => {
      const { templates, decoder } = pick(senders, number);
      return { bytes: fill(pick(templates, Math.floor(number / senders.length)), number), decoder };
    }),
    bulk: Array.from({ length: bulkCount }, (_, number) => ({
      bytes: fill(pick(bulk, number), number),
      decoder: bulkDecoder,
    })),
  };
}

function decoderOf(sender: string): RecordDecoder {
  return createRecordDecoder({ path: sender });
}

function pick<T>(items: readonly T[], number: number): T {
  const item = items[number % items.length];
  if (item === undefined) throw new Error('the generator has no lines');
  return item;
}

function fill([before, after]: Template, number: number): Buffer {
  return Buffer.from(`${before}${number}${after}`);
}

function timed<T>(work: () => T): { micros: number; value: T } {
  const begun = process.cpuUsage();
  const value = work();
  const used = process.cpuUsage(begun);
  return { micros: used.user + used.system, value };
}

export function run(corpus: string): Promise<readonly Figure[]> {
  return Promise.resolve(measure(corpus, 9));
}

function measure(corpus: string, rounds: number): Figure[] {
  const files = RULE_FOLDERS.flatMap((folder) => readYamlFiles(path.join(corpus, 'sigma', folder), []));
  const { match } = createMatcher(
    compileRules(loadRules(files).rules.filter((rule) => rule.kind === 'detection')),
  );
  const { sources, envelopes } = loadSourceContent([SHIPPED_CONTENT]).value;
  const carried = createRecordDecoder({ path: '' });
  const { normalise } = compileContent(sources, envelopes, carried.decodeText).value;
  const context = { siteZone: 'Europe/Paris', referenceMicros: Date.UTC(2026, 10, 25) * 1000 };
  const toEvents = (records: readonly LogRecord[]): Event[] =>
    records.flatMap((record) => {
      const outcome = normalise(record, context);
      return outcome.kind === 'ok' ? [outcome.value] : [];
    });
  const block = createEventBlock();
  const write = (events: readonly Event[]): number => {
    for (const [seq, event] of events.entries()) block.add(event, { ...META, seq });
    return block.take().bytes.length;
  };
  const once = (lines: readonly Line[]) => {
    const decode = timed(() => lines.map(({ bytes, decoder }) => decoder.decode(bytes, 0, bytes.length)));
    const normalised = timed(() => toEvents(decode.value));
    const matched = timed(() => normalised.value.reduce((sum, event) => sum + match(event).length, 0));
    const written = timed(() => write(normalised.value));
    return {
      decode: decode.micros / lines.length,
      normalise: normalised.micros / lines.length,
      match: matched.micros / lines.length,
      serialise: written.micros / lines.length,
      bytes: written.value / lines.length,
      matches: matched.value,
    };
  };
  return Object.entries(makeLines()).flatMap(([name, lines]) => {
    once(lines);
    const all = Array.from({ length: rounds }, () => once(lines));
    const steps = STEPS.map((step) => ({
      name: `${name}: ${step}`,
      value: median(all.map((each) => each[step])),
      unit: 'µs/event',
    }));
    return [
      ...steps,
      { name: `${name}: matches`, value: all[0]?.matches ?? 0, unit: 'matches' },
      { name: `${name}: written`, value: all[0]?.bytes ?? 0, unit: 'bytes/event' },
    ];
  });
}

if (process.argv[1] === import.meta.filename) {
  const corpus = corpusDir();
  if (corpus === undefined) throw new Error('set VIGIE_CORPUS');
  for (const { name, value, unit } of measure(corpus, Number(process.argv[2] ?? 9)))
    console.log(`${name.padEnd(24)} ${value.toFixed(2).padStart(10)} ${unit}`);
}
