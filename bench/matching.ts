/**
 * Matching on real Windows events with every Windows and product-free rule of SigmaHQ, one thread, bytes in memory:
 * each figure against the time of `JSON.parse` alone on the same bytes, measured in the same round. Also checks that
 * the bytes path finds exactly what the full path finds. Run alone with `node bench/matching.ts`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Event, FieldValue } from '../src/model/event.ts';
import type { DetectionRule } from '../src/model/sigma.ts';
import { compileContent, createJsonClassifier } from '../src/normalise/index.ts';
import { loadSourceContent, readYamlFiles, SHIPPED_CONTENT } from '../src/platform/content.ts';
import {
  compileRules,
  createBytesFilter,
  createMatcher,
  loadRules,
  type Suspects,
} from '../src/sigma/index.ts';
import { corpusDir } from '../test/corpus.ts';
import { type Figure, median } from './figure.ts';

const ROUNDS = 5;
const RULE_FOLDERS = ['rules', 'rules-emerging-threats', 'rules-threat-hunting'];
const PROCESS_CREATION = /"(EventID|event_id)":\s*"?(1|4688)"?[,}]/;
/** Events kept as objects for the live figure, per file. */
const LIVE_EVENTS = 400;

/** Lines of one file, as bytes: spans are [start, end) pairs laid end to end. */
interface Lines {
  readonly bytes: Buffer;
  readonly spans: readonly number[];
}

type Engine = ReturnType<typeof createEngine>;

export async function run(corpus: string): Promise<readonly Figure[]> {
  const engine = createEngine(readRules(corpus));
  const mixed = readLines(path.join(corpus, 'mordor_jsonl'));
  const creations = onlyProcessCreations(mixed);
  const figures = [
    ...measure('mixed events', mixed, engine, { rounds: ROUNDS, target: '≤ 2' }),
    ...measure('process creations', [creations], engine, { rounds: ROUNDS * 20, target: '≤ 4' }),
    ...measureLive(mixed, engine),
  ];
  const missed = mixed.reduce((sum, lines) => sum + differences(lines, engine), 0);
  return [
    ...figures,
    { name: 'lines where the bytes path and the full path differ', value: missed, unit: 'lines' },
  ];
}

function readRules(corpus: string): DetectionRule[] {
  const files = RULE_FOLDERS.flatMap((folder) => readYamlFiles(path.join(corpus, 'sigma', folder), []));
  return loadRules(files).rules.filter(
    (rule): rule is DetectionRule =>
      rule.kind === 'detection' && [undefined, 'windows'].includes(rule.logsource.product),
  );
}

function createEngine(rules: readonly DetectionRule[]) {
  const { sources, envelopes } = loadSourceContent([SHIPPED_CONTENT]).value;
  const normaliser = compileContent(sources, envelopes).value;
  const set = compileRules(rules);
  const { match } = createMatcher(set);
  const captures = ['@timestamp', 'Computer', 'EventRecordID'];
  const filter = createBytesFilter(set, createJsonClassifier(normaliser), captures);
  const context = { siteZone: 'UTC', referenceMicros: Date.UTC(2020, 0, 1) * 1000 };
  const normalise = (text: string): Event | undefined => {
    const fields = JSON.parse(text) as Record<string, FieldValue>;
    const record = { format: 'json' as const, fields, origin: { path: '-', offset: 0 } };
    const outcome = normaliser.normalise(record, context);
    return outcome.kind === 'ok' ? outcome.value : undefined;
  };
  const matches = (text: string, among?: Suspects): readonly DetectionRule[] => {
    const event = normalise(text);
    return event === undefined ? [] : match(event, among);
  };
  return { filter, match, normalise, matches };
}

function readLines(folder: string): Lines[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.jsonl'))
    .map((file) => linesOf(readFileSync(path.join(folder, file))));
}

function linesOf(bytes: Buffer): Lines {
  const spans: number[] = [];
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(10, start);
    const end = found === -1 ? bytes.length : found;
    if (end > start) spans.push(start, end);
    start = end + 1;
  }
  return { bytes, spans };
}

function onlyProcessCreations(files: readonly Lines[]): Lines {
  const texts: string[] = [];
  for (const lines of files) eachLine(lines, (text) => PROCESS_CREATION.test(text) && texts.push(text));
  return linesOf(Buffer.from(texts.join('\n')));
}

function eachLine({ bytes, spans }: Lines, visit: (text: string) => unknown): void {
  for (let at = 0; at < spans.length; at += 2) visit(bytes.toString('utf8', spans[at], spans[at + 1]));
}

function timed(work: () => void): number {
  const begun = process.cpuUsage();
  work();
  const used = process.cpuUsage(begun);
  return (used.user + used.system) / 1000;
}

const NOTHING: Suspects = { sure: [], open: [] };

/**
 * Milliseconds of processor time of one round over all files, file by file in turn so that noise falls on all: `tell` gives the
 * rules that match, decoding only lines of which the bytes do not tell; `hunt` decodes every line that matches, as is
 * done when each match is written out.
 */
function round(
  files: readonly Lines[],
  { filter, matches }: Engine,
): Record<'parse' | 'scan' | 'tell' | 'hunt', number> {
  const sum = { parse: 0, scan: 0, tell: 0, hunt: 0 };
  for (const lines of files) {
    const { bytes, spans } = lines;
    sum.parse += timed(() => eachLine(lines, JSON.parse));
    sum.scan += timed(() => {
      for (let at = 0; at < spans.length; at += 2) filter.scan(bytes, spans[at] ?? 0, spans[at + 1] ?? 0);
    });
    sum.tell += timed(() => {
      for (let at = 0; at < spans.length; at += 2) {
        const isCandidate = filter.scan(bytes, spans[at] ?? 0, spans[at + 1] ?? 0);
        const suspects = isCandidate ? filter.suspects() : NOTHING;
        if (suspects?.open.length === 0) continue;
        matches(bytes.toString('utf8', spans[at], spans[at + 1]), suspects);
      }
    });
    sum.hunt += timed(() => {
      for (let at = 0; at < spans.length; at += 2) {
        const isCandidate = filter.scan(bytes, spans[at] ?? 0, spans[at + 1] ?? 0);
        if (isCandidate) matches(bytes.toString('utf8', spans[at], spans[at + 1]), filter.suspects());
      }
    });
  }
  return sum;
}

function measure(
  name: string,
  files: readonly Lines[],
  engine: Engine,
  { rounds, target }: { rounds: number; target: string },
): Figure[] {
  const events = files.reduce((sum, { spans }) => sum + spans.length / 2, 0);
  const bytes = files.reduce((sum, lines) => sum + lines.bytes.length, 0);
  round(files, engine);
  const times = Array.from({ length: rounds }, () => round(files, engine));
  const hunt = median(times.map((time) => time.hunt));
  const candidates = files.reduce((sum, lines) => sum + countCandidates(lines, engine), 0);
  return [
    { name: `${name}: events`, value: events, unit: 'events' },
    {
      name: `${name}: filter alone / JSON.parse`,
      value: median(times.map((t) => t.scan / t.parse)),
      unit: '×',
    },
    {
      name: `${name}: matches told / JSON.parse`,
      value: median(times.map((t) => t.tell / t.parse)),
      unit: '×',
      target,
    },
    {
      name: `${name}: matches told, then each decoded / JSON.parse`,
      value: median(times.map((t) => t.hunt / t.parse)),
      unit: '×',
    },
    { name: `${name}: speed`, value: (events / hunt) * 1000, unit: 'events/s' },
    { name: `${name}: speed`, value: bytes / hunt / 1000, unit: 'MB/s' },
    { name: `${name}: lines with matches or doubts`, value: (candidates / events) * 100, unit: '%' },
  ];
}

function countCandidates({ bytes, spans }: Lines, { filter }: Engine): number {
  let count = 0;
  for (let at = 0; at < spans.length; at += 2) {
    if (filter.scan(bytes, spans[at] ?? 0, spans[at + 1] ?? 0)) count += 1;
  }
  return count;
}

/** The live path on events already normalised, against parsing the same lines. */
function measureLive(files: readonly Lines[], { match, normalise }: Engine): Figure[] {
  const texts: string[] = [];
  for (const lines of files) {
    let kept = 0;
    eachLine(lines, (text) => kept++ < LIVE_EVENTS && texts.push(text));
  }
  const events = texts.map(normalise).filter((event) => event !== undefined);
  const times = Array.from({ length: ROUNDS + 1 }, () => ({
    parse: timed(() => texts.forEach((text) => void JSON.parse(text))),
    match: timed(() => events.forEach((event) => void match(event))),
  })).slice(1);
  const live = median(times.map((time) => time.match));
  return [
    {
      name: 'live path, normalised events / JSON.parse',
      value: median(times.map((t) => t.match / t.parse)),
      unit: '×',
    },
    { name: 'live path: speed', value: (events.length / live) * 1000, unit: 'events/s' },
  ];
}

/** Lines with matches that the filter would have dropped, or of which it would not have named all rules. */
function differences({ bytes, spans }: Lines, { filter, matches }: Engine): number {
  let count = 0;
  for (let at = 0; at < spans.length; at += 2) {
    const isCandidate = filter.scan(bytes, spans[at] ?? 0, spans[at + 1] ?? 0);
    const suspects = isCandidate ? filter.suspects() : NOTHING;
    const text = bytes.toString('utf8', spans[at], spans[at + 1]);
    if (suspects !== undefined && idsOf(matches(text)) !== idsOf(matches(text, suspects))) count += 1;
  }
  return count;
}

function idsOf(rules: readonly DetectionRule[]): string {
  return rules.map(({ id }) => id).join();
}

if (import.meta.main) {
  const corpus = corpusDir();
  for (const { name, value, unit, target } of corpus === undefined ? [] : await run(corpus)) {
    console.log(
      `${name.padEnd(64)} ${value.toFixed(2).padStart(12)} ${unit}${target === undefined ? '' : ` (target ${target})`}`,
    );
  }
}
