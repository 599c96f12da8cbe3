/**
 * Searches the stored past for indicators that came later. Window by window, newest first: the distinct values of the
 * fields that can carry an indicator are looked up in an index of the new indicators only, and the events that have
 * one are fetched and matched like live ones. So parents, ranges and URL folders mean the same in the past, and the work
 * does not grow with the number of indicators. Where it stands is kept in a file: it goes on after a stop.
 *
 * Not searched: own fields of JSON sources (they are in the raw text only), and what retention removed.
 */
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { createIntelMatcher, type IntelMatcher, intelSignal, openIntelIndex } from '../../../intel/index.ts';
import type { WarningList } from '../../../model/content/warning-list.ts';
import type { EventStore } from '../../../model/live/event-store.ts';
import type { LiveSignal } from '../../../model/live/signal.ts';
import { writeSignalRow } from '../../../model/live/signal-row.ts';
import { replaceFile } from '../../../platform/files/index.ts';
import { buildIndexInThread } from './index-builder.ts';
import { createListStore } from './list-file.ts';
import { eventOf, matchedValues, NAMES, PastEvent, PastValue } from './past-event.ts';

const MICROS = { minute: 60_000_000, day: 86_400_000_000 } as const;
/** Distinct values of a window; past it the window is halved. */
const MOST_VALUES = 200_000;
/** Events of a window that become signals; the rest is counted as left out. */
const MOST_EVENTS = 2_000;
/** Values asked for at once. */
const MOST_WANTED = 1_000;
const BOUNDS = { maxSeconds: 60, maxResultRows: MOST_VALUES + 1 };

export interface PastDeps {
  readonly dataDirectory: string;
  readonly store: EventStore;
  readonly warnings: readonly WarningList[];
  readonly nowMillis: () => number;
  readonly seed: number;
  /** How far back. */
  readonly days: number;
  readonly signal?: AbortSignal;
}

export interface PastReport {
  readonly indicators: number;
  readonly windows: number;
  readonly signals: number;
  /** Hits that live matching, or an earlier search, had found already. */
  readonly known: number;
  readonly suppressed: number;
  /** A limit was reached: some events of a window were not looked at. */
  readonly truncatedWindows: number;
  /** False when it was told to stop: the next call goes on. */
  readonly isDone: boolean;
}

const Progress = z.object({
  stamp: z.string(),
  fromMicros: z.number(),
  toMicros: z.number(),
  nextMicros: z.number(),
});
type Progress = z.infer<typeof Progress>;

/** Searches for everything that waits; returns at once when nothing does. @throws StoreError */
export async function searchPast(deps: PastDeps): Promise<PastReport> {
  const waiting = createListStore(deps.dataDirectory, 'past');
  const stamp = await waiting.stamp();
  const report = { indicators: 0, windows: 0, signals: 0, known: 0, suppressed: 0, truncatedWindows: 0 };
  if (stamp === '') return { ...report, isDone: true };
  const { dataDirectory, warnings, seed } = deps;
  const built = await buildIndexInThread({
    dataDirectory,
    warnings,
    seed,
    endedBeforeMillis: 0,
    folder: 'past',
  });
  const matcher = createIntelMatcher(openIntelIndex(built.buffers));
  report.indicators = built.indicators;
  let progress = await progressOf(deps, stamp);
  while (progress.nextMicros > progress.fromMicros) {
    if (deps.signal?.aborted === true) return { ...report, isDone: false };
    const from = Math.max(progress.fromMicros, progress.nextMicros - MICROS.day);
    await searchWindow({ deps, matcher, report, stamp }, from, progress.nextMicros);
    progress = { ...progress, nextMicros: from };
    await keep(deps.dataDirectory, progress);
  }
  await finish(deps.dataDirectory, stamp);
  return { ...report, isDone: true };
}

function progressFile(dataDirectory: string): string {
  return path.join(dataDirectory, 'intel', 'past-progress.json');
}

/** Where an earlier search for the same indicators stopped, else the beginning. */
async function progressOf({ dataDirectory, nowMillis, days }: PastDeps, stamp: string): Promise<Progress> {
  const file = progressFile(dataDirectory);
  if (existsSync(file)) {
    const kept = Progress.safeParse(JSON.parse(await readFile(file, 'utf8')));
    if (kept.success && kept.data.stamp === stamp) return kept.data;
  }
  const toMicros = nowMillis() * 1000;
  return { stamp, fromMicros: toMicros - days * MICROS.day, toMicros, nextMicros: toMicros };
}

async function keep(dataDirectory: string, progress: Progress): Promise<void> {
  await replaceFile(progressFile(dataDirectory), (append) => append(JSON.stringify(progress)));
}

/** What waited is done, unless more came meanwhile: then all of it is searched again. */
async function finish(dataDirectory: string, stamp: string): Promise<void> {
  const waiting = createListStore(dataDirectory, 'past');
  if ((await waiting.stamp()) === stamp) {
    for (const { list } of await waiting.heads()) await waiting.remove(list.id);
  }
  await rm(progressFile(dataDirectory), { force: true });
}

interface Search {
  readonly deps: PastDeps;
  readonly matcher: IntelMatcher;
  readonly report: { -readonly [K in keyof Omit<PastReport, 'isDone'>]: PastReport[K] };
  readonly stamp: string;
}

async function searchWindow(search: Search, from: number, to: number): Promise<void> {
  const { deps, matcher, report } = search;
  const params = { ...NAMES, from, to, most: MOST_VALUES + 1 };
  const values = await deps.store.query('intel-values', params, PastValue, bounds(deps));
  if (values.length > MOST_VALUES && to - from > MICROS.minute) {
    const middle = Math.floor((from + to) / 2);
    await searchWindow(search, middle, to);
    await searchWindow(search, from, middle);
    return;
  }
  report.windows++;
  const wanted = matchedValues(matcher, values);
  let isTruncated = values.length > MOST_VALUES;
  for (let at = 0; at < wanted.length; at += MOST_WANTED) {
    const some = wanted.slice(at, at + MOST_WANTED);
    const asked = { ...NAMES, from, to, wanted: some, most: MOST_EVENTS + 1 };
    const events = await deps.store.query('intel-events', asked, PastEvent, bounds(deps));
    isTruncated ||= events.length > MOST_EVENTS;
    await writeSignals(search, signalsOf(search, events.slice(0, MOST_EVENTS)), [from, to, at]);
  }
  if (isTruncated) report.truncatedWindows++;
}

function bounds({ signal }: PastDeps): typeof BOUNDS & { signal?: AbortSignal } {
  return signal === undefined ? BOUNDS : { ...BOUNDS, signal };
}

function signalsOf({ matcher, report }: Search, rows: readonly PastEvent[]): LiveSignal[] {
  return rows.flatMap((row) => {
    const event = eventOf(row);
    const context = { ref: { node: row.node, seq: row.seq }, atMicros: row.at, ecs: event.ecs };
    return matcher.match(event).flatMap((hit) => {
      if (hit.warning?.action !== 'suppress') return [intelSignal(hit, context)];
      report.suppressed++;
      return [];
    });
  });
}

/** The token names the window: a search that was cut after it wrote does not write again. */
async function writeSignals(
  { deps, report, stamp }: Search,
  signals: readonly LiveSignal[],
  part: readonly number[],
): Promise<void> {
  if (signals.length === 0) return;
  const [from = 0, to = 0] = part;
  const ids = signals.map(({ id }) => id);
  const stored = await deps.store.query(
    'signals-known',
    { from, to, ids, kind: 'intel' },
    z.object({ id: z.string() }),
    bounds(deps),
  );
  const known = new Set(stored.map(({ id }) => id));
  const fresh = signals.filter(({ id }) => !known.has(id) && known.add(id));
  report.known += signals.length - fresh.length;
  if (fresh.length === 0) return;
  const rows = Buffer.from(`${fresh.map(writeSignalRow).join('\n')}\n`);
  await deps.store.insert('signals', rows, `intel-past ${stamp} ${part.join(' ')}`);
  report.signals += fresh.length;
}
