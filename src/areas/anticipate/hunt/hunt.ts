/**
 * The hunt: loads content and rules, spreads the input over reading threads, merges what they found, runs the
 * correlations over it, and gives one summary. It decides nothing about how results look.
 */
import type { HuntSummary, SilentRules } from '../../../model/hunt.ts';
import type { Issue } from '../../../model/issue.ts';
import { LEVELS, type Level } from '../../../model/level.ts';
import { type Cache, createCache, NO_CACHE } from '../../../platform/cache.ts';
import { loadSourceContent } from '../../../platform/content.ts';
import { type LoadedRules, loadRuleSets } from '../rules/load-rule-sets.ts';
import { correlateRows, fieldsForCorrelations } from './correlation-stage.ts';
import { isoOf } from './iso.ts';
import type { LaneThread } from './lane-thread.ts';
import { createLanes } from './lanes.ts';
import type { HuntDeps, HuntOptions, HuntProgress } from './options.ts';
import { createPlan } from './plan.ts';
import {
  type CorrelationRow,
  type FromLane,
  type LaneSetup,
  PROGRESS_SLOTS,
  SLOT,
  type Unit,
} from './protocol.ts';
import { silentRules } from './silence.ts';
import { summarise } from './summary.ts';
import { createTally, mergeTallies, tallyIssue } from './tally.ts';

/** Matches kept for correlations, over the whole hunt. Past it the earliest read are kept, and it is said. */
const MOST_CORRELATION_ROWS = 2_000_000;
const PROGRESS_EVERY_MILLIS = 100;

/**
 * @param stop one flag: not 0 means stop as soon as possible, keeping what was found
 * @param threads that read
 */
export async function runHunt(
  options: HuntOptions,
  deps: HuntDeps,
  { stop, threads }: { stop: SharedArrayBuffer; threads: readonly LaneThread[] },
): Promise<HuntSummary> {
  const begun = deps.clock.monotonicMillis();
  const startedAt = deps.clock.nowMillis();
  const progress = new SharedArrayBuffer(8 * PROGRESS_SLOTS * options.threads);
  const tally = createTally();
  const rows = createRowStore();
  const plan = createPlan(options, { stop, onIssue: (issue) => tallyIssue(tally, issue) });
  const setup = Promise.withResolvers<LaneSetup>();
  const lanes = createLanes(threads, setup.promise, {
    onReady: () => {},
    onDone: async (done) => {
      rows.add(done.correlation);
      if (done.rows !== '') await deps.watch.onRows(done.rows);
    },
    onLost: (units, reason) => {
      for (const unit of units) tallyIssue(tally, lostUnit(unit, reason));
      if (units.length === 0) tallyIssue(tally, { code: 'FILES_THREAD', place: {}, params: { reason } });
    },
  });
  const content = loadSourceContent(options.content, cacheOf(options, 'content'));
  const rules = await loadRuleSets(options, { cache: cacheOf(options, 'rules'), pack: lanes.pack });
  for (const issue of [...content.issues, ...rules.issues]) tallyIssue(tally, issue);
  setup.resolve(toSetup(options, { content: content.value, rules, startedAt, progress, stop }));
  rules.keep();
  const ticker = setInterval(() => {
    deps.watch.onProgress(readProgress(progress, plan, deps.clock.monotonicMillis() - begun));
  }, PROGRESS_EVERY_MILLIS);
  const lasts = await lanes.run(plan.units()).finally(() => clearInterval(ticker));
  for (const last of lasts) mergeTallies(tally, last.tally);
  const { onRows } = deps.watch;
  await correlateRows({ rules, rows: rows.list(), tally, rowFormat: options.rowFormat, onRows });
  return summarise(tally, {
    version: options.version,
    startedAt: isoOf(startedAt * 1000),
    seconds: (deps.clock.monotonicMillis() - begun) / 1000,
    rulesLoaded: rules.briefs.length + rules.correlations.length,
    ruleAt: rules.ruleAt,
    rulesRefused: rules.refused.length,
    silentRules: silencesOf(lasts, rules),
    sourceTitles: new Map(content.value.sources.map((source) => [source.id, source.title])),
    interrupted: new Int32Array(stop)[0] !== 0,
    rowsDropped: rows.dropped(),
    rowsKept: MOST_CORRELATION_ROWS,
  });
}

function cacheOf({ cacheDirectory }: HuntOptions, name: string): Cache {
  return cacheDirectory === undefined ? NO_CACHE : createCache(cacheDirectory, name);
}

interface SetupParts {
  readonly content: ReturnType<typeof loadSourceContent>['value'];
  readonly rules: LoadedRules;
  readonly startedAt: number;
  readonly progress: SharedArrayBuffer;
  readonly stop: SharedArrayBuffer;
}

function toSetup(options: HuntOptions, parts: SetupParts): LaneSetup {
  return {
    ...parts.content,
    rules: parts.rules.packed,
    ruleIds: parts.rules.briefs.map(({ id }) => id),
    correlated: fieldsForCorrelations(parts.rules.correlations),
    siteZone: options.siteZone,
    nowMicros: parts.startedAt * 1000,
    fromMicros: options.fromMicros,
    toMicros: options.toMicros,
    forcedFormat: options.forcedFormat,
    rowFormat: options.rowFormat,
    progress: parts.progress,
    stop: parts.stop,
  };
}

function lostUnit(unit: Unit, reason: string): Issue {
  return {
    code: 'FILES_UNREADABLE',
    place: { path: unit.file, offset: unit.start },
    params: { reason: `reading thread ended: ${reason}` },
  };
}

interface RowStore {
  add(rows: readonly CorrelationRow[]): void;
  list(): CorrelationRow[];
  dropped(): number;
}

function createRowStore(): RowStore {
  const kept: CorrelationRow[] = [];
  let dropped = 0;
  return {
    add: (rows) => {
      for (const row of rows) {
        if (kept.length < MOST_CORRELATION_ROWS) kept.push(row);
        else dropped += 1;
      }
    },
    list: () => kept,
    dropped: () => dropped,
  };
}

function readProgress(
  shared: SharedArrayBuffer,
  plan: { totalBytes(): number; current(): string },
  millis: number,
): HuntProgress {
  const slots = new Float64Array(shared);
  const sum = (slot: number): number => {
    let total = 0;
    for (let at = slot; at < slots.length; at += PROGRESS_SLOTS) total += slots[at] ?? 0;
    return total;
  };
  const signals = Object.fromEntries(LEVELS.map((level, index) => [level, sum(SLOT.levels + index)]));
  return {
    bytes: sum(SLOT.bytes),
    totalBytes: plan.totalBytes(),
    events: sum(SLOT.events),
    signals: signals as Record<Level, number>,
    millis,
    file: plan.current(),
  };
}

function silencesOf(
  lasts: readonly Extract<FromLane, { type: 'tally' }>[],
  rules: LoadedRules,
): SilentRules[] {
  return silentRules(
    rules.briefs,
    lasts.map((last) => last.coverage),
  );
}
