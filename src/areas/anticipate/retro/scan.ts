/**
 * Runs the passes over the past, window by window, newest first, and stops at its bounds: a window is searched whole by
 * every pass or counts as not searched, so that going on from where it stopped leaves no gap.
 */

import { StoreError } from '../../../model/live/event-store.ts';
import type { LiveSignal } from '../../../model/live/signal.ts';
import type { Clock } from '../../../platform/clock.ts';
import { digestHex } from '../../../platform/digest.ts';
import { createMatcher, type Matcher, type RuleFacts, ruleFacts, ruleSignal } from '../../../sigma/index.ts';
import type { EventRow, PageMark, Search } from '../../../store/index.ts';
import type { Pass } from './passes.ts';
import type { Replay } from './replay.ts';

const MICROS = { minute: 60_000_000, hour: 3_600_000_000, day: 86_400_000_000 } as const;
const FIRST_WINDOW = 6 * MICROS.hour;
const LONGEST_WINDOW = 8 * MICROS.day;
const SHORTEST_WINDOW = MICROS.minute;
/** Windows grow and shrink between these. */
const QUICK_MILLIS = 500;
const SLOW_MILLIS = 5_000;
const PAGE = 1_000;
const QUERY_SECONDS = 15;
/** The engine's codes for a query over its time or memory. */
const TOO_LARGE: ReadonlySet<number | undefined> = new Set([159, 160, 241]);

export interface ScanDeps {
  readonly search: Search;
  readonly replay: Replay;
  readonly passes: readonly Pass[];
  readonly clock: Clock;
  readonly most: { readonly seconds: number; readonly signals: number };
}

export interface Scanned {
  readonly signals: ReadonlyMap<string, LiveSignal>;
  readonly events: number;
  readonly unreadEvents: number;
  readonly matchedEvents: number;
  /** Everything from here on was searched. */
  readonly reachedMicros: number;
  readonly cut?: 'time' | 'signals';
}

export interface ScanSpan {
  readonly fromMicros: number;
  readonly toMicros: number;
}

/** @throws StoreError */
export async function scanPast(span: ScanSpan, deps: ScanDeps): Promise<Scanned> {
  const scan = createScan(deps);
  let reached = span.toMicros;
  let width: number = FIRST_WINDOW;
  while (reached > span.fromMicros) {
    const from = Math.max(span.fromMicros, reached - width);
    const startedAt = deps.clock.monotonicMillis();
    const outcome = await scan.window({ fromMicros: from, toMicros: reached });
    const millis = deps.clock.monotonicMillis() - startedAt;
    if (outcome === 'too large') {
      if (width === SHORTEST_WINDOW) return { ...scan.tally, reachedMicros: reached, cut: 'time' };
      width = Math.max(SHORTEST_WINDOW, width / 4);
      continue;
    }
    if (outcome !== 'done') return { ...scan.tally, reachedMicros: reached, cut: outcome };
    reached = from;
    if (millis < QUICK_MILLIS) width = Math.min(LONGEST_WINDOW, width * 2);
    else if (millis > SLOW_MILLIS) width = Math.max(SHORTEST_WINDOW, width / 4);
  }
  return { ...scan.tally, reachedMicros: reached };
}

type Outcome = 'done' | 'time' | 'signals' | 'too large';

interface Tally {
  readonly signals: Map<string, LiveSignal>;
  events: number;
  unreadEvents: number;
  matchedEvents: number;
}

function createScan(deps: ScanDeps): { readonly tally: Tally; window(span: ScanSpan): Promise<Outcome> } {
  const { search, replay, clock, most } = deps;
  const passes = deps.passes.map(({ query, rules }) => ({ query, matcher: createMatcher(rules) }));
  const facts = new Map<string, RuleFacts>();
  const matched = new Set<string>();
  const tally: Tally = { signals: new Map(), events: 0, unreadEvents: 0, matchedEvents: 0 };
  const endsAt = clock.monotonicMillis() + most.seconds * 1_000;

  function take(row: EventRow, matcher: Matcher): void {
    const event = replay.eventOf(row);
    if (event === undefined) {
      tally.unreadEvents++;
      return;
    }
    tally.events++;
    const ref = { node: row.node, seq: row.seq };
    for (const rule of matcher.match(event)) {
      if (!rule.generates) continue;
      matched.add(`${ref.node}.${ref.seq}`);
      const known = facts.get(rule.id) ?? ruleFacts(rule);
      facts.set(rule.id, known);
      const signal = ruleSignal(rule, known, {
        event,
        ref,
        receivedAtMillis: row.received_millis,
        digestHex,
      });
      tally.signals.set(signal.id, signal);
    }
    tally.matchedEvents = matched.size;
  }

  async function runPass(span: ScanSpan, { query, matcher }: (typeof passes)[number]): Promise<Outcome> {
    let before: PageMark | undefined;
    for (;;) {
      if (clock.monotonicMillis() > endsAt) return 'time';
      const rows = await search.events({
        ...span,
        query,
        resolveTime: () => undefined,
        limit: PAGE,
        bounds: { maxSeconds: QUERY_SECONDS },
        ...(before === undefined ? {} : { before }),
      });
      for (const row of rows) take(row, matcher);
      if (tally.signals.size >= most.signals) return 'signals';
      const last = rows.at(-1);
      if (last === undefined || rows.length < PAGE) return 'done';
      before = { micros: last.time_micros, node: last.node, seq: last.seq };
    }
  }

  return {
    tally,
    async window(span) {
      for (const pass of passes) {
        try {
          const outcome = await runPass(span, pass);
          if (outcome !== 'done') return outcome;
        } catch (error) {
          if (!(error instanceof StoreError) || !TOO_LARGE.has(error.engineCode)) throw error;
          return 'too large';
        }
      }
      return 'done';
    },
  };
}
