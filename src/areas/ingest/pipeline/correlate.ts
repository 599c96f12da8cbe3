/**
 * Correlation rules, live: the matches they rest on are fed in event time, batch by batch, and what comes to hold is a
 * signal stored with that batch. A node correlates what it received itself.
 *
 * Events whose time is within half a minute of their reception go through one correlator, which decides half a minute
 * after the fact. All others (a shipper that catches up, a clock that is off) go through a second one, which waits for
 * stragglers for an hour of event time, and decides when none came for five minutes. An event is never compared across
 * the two: a clock in the future must not close the windows of everybody else.
 */
import { stableId } from '../../../lib/sha256.ts';
import type { Entity, LiveSignal } from '../../../model/live/signal.ts';
import { writeSignalRow } from '../../../model/live/signal-row.ts';
import type { CorrelationRule } from '../../../model/sigma.ts';
import { type CorrelationMatch, type Correlator, createCorrelator, ruleFacts } from '../../../sigma/index.ts';
import type { Batch } from './batch.ts';
import { joinRows } from './batch.ts';
import { type CorrelationEntry, openCorrelationLog } from './correlation-log.ts';
import type { BaseMatch } from './protocol.ts';
import { rowsOf } from './store-batch.ts';

export interface LiveCorrelation {
  /** The batch with the signals of correlations that came to hold. */
  complete(batch: Batch): Promise<Batch>;
  /** Other rules from now on; what is known of the past is fed to them. */
  replace(rules: readonly CorrelationRule[]): void;
  close(): Promise<void>;
}

export interface CorrelationDeps {
  readonly directory: string;
  readonly committedSeq: number;
  readonly rules: readonly CorrelationRule[];
}

const ON_TIME_MICROS = 30e6;
/** Both sides of `ON_TIME_MICROS`: the earliest on-time event may come after the latest one. */
const ON_TIME_LATENESS_SECONDS = 60;
const DELAYED_LATENESS_SECONDS = 3_600;
const DELAYED_IDLE_MICROS = 300e6;
const MAX_REFS = 50;
const MAX_ENTITIES = 10;

export async function openCorrelation(deps: CorrelationDeps): Promise<LiveCorrelation> {
  const log = await openCorrelationLog(deps.directory, deps.committedSeq);
  let state = createState(deps.rules);
  for (const entry of log.read()) state.feed(entry);
  // Those were stored when they came to hold.
  state.take();
  return {
    async complete(batch) {
      if (state.isEmpty) return batch;
      const { lastSeq } = batch.limits;
      const entry = { lastSeq, receivedMicros: batch.lastReceivedAtMillis * 1000, matches: batch.matches };
      await log.append(entry);
      state.feed(entry);
      const rows = state.take().map((match) => writeSignalRow(toSignal(match)));
      return rows.length === 0 ? batch : { ...batch, signals: joinRows([batch.signals, rowsOf(rows)]) };
    },
    replace(rules) {
      state = createState(rules);
      for (const entry of log.read()) state.feed(entry);
      state.take();
    },
    close: () => log.close(),
  };
}

interface State {
  readonly isEmpty: boolean;
  feed(entry: CorrelationEntry): void;
  take(): CorrelationMatch[];
}

function createState(rules: readonly CorrelationRule[]): State {
  const onTime = createCorrelator(rules, { latenessSeconds: ON_TIME_LATENESS_SECONDS, maxRefs: MAX_REFS });
  const delayed = createCorrelator(rules, { latenessSeconds: DELAYED_LATENESS_SECONDS, maxRefs: MAX_REFS });
  let latestDelayedMicros = Number.NEGATIVE_INFINITY;
  let delayedReceivedMicros = Number.NEGATIVE_INFINITY;
  return {
    isEmpty: rules.length === 0,
    feed({ matches, receivedMicros }) {
      for (const match of matches) {
        const isOnTime = Math.abs(match.atMicros - match.receivedAtMillis * 1000) <= ON_TIME_MICROS;
        push(isOnTime ? onTime : delayed, match);
        if (isOnTime) continue;
        latestDelayedMicros = Math.max(latestDelayedMicros, match.atMicros);
        delayedReceivedMicros = receivedMicros;
      }
      onTime.advance(receivedMicros - ON_TIME_MICROS);
      if (receivedMicros - delayedReceivedMicros > DELAYED_IDLE_MICROS)
        delayed.advance(latestDelayedMicros + 1);
    },
    take: () => [...onTime.take(), ...delayed.take()],
  };
}

function push(correlator: Correlator, match: BaseMatch): void {
  correlator.push({
    ruleId: match.ruleId,
    atMicros: match.atMicros,
    groupValue: (field) => match.values[field],
    ref: match,
    order: match.ref.seq,
  });
}

function toSignal(match: CorrelationMatch): LiveSignal {
  const refs = match.refs as readonly BaseMatch[];
  const facts = ruleFacts(match.rule);
  const events = refs.map(({ ref }) => ref);
  const group = Object.entries(match.group);
  return {
    ...facts,
    id: stableId([
      facts.contentId,
      facts.contentVersion,
      match.atMicros,
      ...group.flat(),
      ...events.flatMap(({ node, seq }) => [node, seq]),
    ]),
    kind: 'correlation',
    atMicros: match.atMicros,
    entities: entitiesOf(refs),
    events,
    deciding: [
      ...group.map(([field, value]) => ({ field, value })),
      { field: match.rule.type, value: String(match.value) },
    ],
    details: { events: match.eventCount, firstMicros: match.firstMicros, lastMicros: match.lastMicros },
  };
}

function entitiesOf(refs: readonly BaseMatch[]): Entity[] {
  const distinct = (names: readonly string[]): string[] => [...new Set(names)].filter((name) => name !== '');
  return [
    ...distinct(refs.map(({ host }) => host)).map((name) => ({ kind: 'host', name }) as const),
    ...distinct(refs.map(({ account }) => account)).map((name) => ({ kind: 'account', name }) as const),
  ].slice(0, MAX_ENTITIES);
}
