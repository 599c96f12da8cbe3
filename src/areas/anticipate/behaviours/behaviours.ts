/**
 * Behaviours in the live service: makes their relations, closes windows in event time, scores each once. It reads only
 * `v_*` views and writes only signals and scores.
 *
 * A day closes when an event (of any kind, not of the future) is `late_minutes` past its end. What comes for a closed
 * day later still teaches, is counted as late, and is not scored again. One behaviour that fails never stops another.
 */
import { z } from 'zod';
import type { Behaviour } from '../../../model/content/behaviour.ts';
import type { BehaviourStatus, BehaviourTick } from '../../../model/live/behaviour-status.ts';
import type { EventStore } from '../../../model/live/event-store.ts';
import type { Lease, RecordStore } from '../../../model/live/record-store.ts';
import { messageOf } from '../../../platform/content.ts';
import type { Relation, Relations } from '../../../store/index.ts';
import type { LoadedBehaviour } from './content.ts';
import { cursorName, DAY_MICROS, isoDay, State, withWindow } from './state.ts';
import { wardsOf } from './wards.ts';
import { scoreDay, type WindowDeps } from './window.ts';

export interface BehavioursDeps {
  readonly behaviours: readonly LoadedBehaviour[];
  readonly store: Pick<EventStore, 'query' | 'insert'>;
  readonly relations: Relations;
  readonly record: Pick<RecordStore, 'leases' | 'cursors' | 'inventory'>;
  /** Who holds the lease: one a process. */
  readonly owner: string;
  nowMillis(): number;
}

export interface Behaviours {
  /**
   * Makes the relations, before events come in so that none is missed, and drops those of behaviours that are no more.
   * @throws StoreError, RecordError
   */
  prepare(): Promise<void>;
  /** Closes and scores what can be. Stops between two windows when asked to. One at a time. Never rejects. */
  tick(signal?: AbortSignal): Promise<BehaviourTick[]>;
  /** @throws StoreError, RecordError */
  status(): Promise<BehaviourStatus[]>;
}

const LEASE_MILLIS = 10 * 60_000;
/** Windows and days filled in by one tick; the next goes on. */
const MOST_STEPS = 120;
const LAST_DAY = 65_535;

const Watermark = z.object({ latest: z.number(), earliest: z.number(), has_events: z.number() });
const Day = z.object({ window: z.number(), subjects: z.number(), pairs: z.number(), events: z.number() });
type Day = z.infer<typeof Day>;

export function createBehaviours(deps: BehavioursDeps): Behaviours {
  let running: Promise<BehaviourTick[]> | undefined;

  async function tickAll(signal: AbortSignal | undefined): Promise<BehaviourTick[]> {
    const ticks: BehaviourTick[] = [];
    for (const one of deps.behaviours) {
      if (signal?.aborted !== true) ticks.push(await tickSafely(one, deps, signal));
    }
    return ticks;
  }
  return {
    async prepare() {
      await deps.relations.keepOnly(deps.behaviours.map(relationOf));
      for (const one of deps.behaviours) await prepareOne(one, deps);
    },
    tick(signal) {
      running ??= tickAll(signal).finally(() => {
        running = undefined;
      });
      return running;
    },
    status: () => Promise.all(deps.behaviours.map((one) => statusOf(one.content, deps))),
  };
}

function relationOf({ content, query }: LoadedBehaviour): Relation {
  const { id, version, subject, object } = content;
  return { id, version, events: query, subject, object };
}

/** A view that was just made knows nothing of what is stored: that is filled in, day by day. */
async function prepareOne(one: LoadedBehaviour, { relations, record, store, nowMillis }: BehavioursDeps) {
  const isMade = await relations.ensure(relationOf(one));
  const name = cursorName(one.content);
  const state = await record.cursors.get(name, State);
  if (!isMade && state !== undefined) return;
  const span = await eventSpan(store, nowMillis());
  const fresh: State = { ...(state?.next === undefined ? {} : { next: state.next }), windows: [], late: 0 };
  if (span === undefined) return record.cursors.set(name, fresh);
  const last = Math.floor(span.latest / DAY_MICROS);
  const first = Math.max(0, Math.floor(span.earliest / DAY_MICROS), last - one.content.history.days);
  await record.cursors.set(name, { ...fresh, backfill: { next: first, last } });
}

async function eventSpan(store: BehavioursDeps['store'], nowMillis: number) {
  const [row] = await store.query('behaviour-watermark', { now: nowMillis * 1_000 }, Watermark);
  return row === undefined || row.has_events === 0 ? undefined : row;
}

async function tickSafely(
  one: LoadedBehaviour,
  deps: BehavioursDeps,
  signal: AbortSignal | undefined,
): Promise<BehaviourTick> {
  const { id } = one.content;
  try {
    const lease = await deps.record.leases.take(cursorName(one.content), deps.owner, LEASE_MILLIS);
    if (lease === undefined) return { id, outcome: 'elsewhere', windows: 0, signals: 0 };
    try {
      await prepareOne(one, deps);
      return await tickOne(one, { ...deps, lease, isStopped: () => signal?.aborted === true });
    } finally {
      await deps.record.leases.release(lease);
    }
  } catch (error) {
    return { id, outcome: 'failed', windows: 0, signals: 0, reason: messageOf(error) };
  }
}

interface Turn extends BehavioursDeps {
  readonly lease: Lease;
  isStopped(): boolean;
}

async function tickOne(one: LoadedBehaviour, turn: Turn): Promise<BehaviourTick> {
  const { content } = one;
  const { store, record } = turn;
  const name = cursorName(content);
  let state = (await record.cursors.get(name, State)) ?? { windows: [], late: 0 };
  let steps = MOST_STEPS;
  const report = { id: content.id, windows: 0, signals: 0 };
  while (state.backfill !== undefined) {
    if (turn.isStopped() || steps-- === 0) return { ...report, outcome: 'more' };
    state = await fillDay(one, state, turn);
  }
  const span = await eventSpan(store, turn.nowMillis());
  if (span === undefined) return { ...report, outcome: 'done' };
  const closed = Math.floor((span.latest - content.late_minutes * 60_000_000) / DAY_MICROS) - 1;
  const days = await daysOf(content, store, { from: 0, to: LAST_DAY });
  state = countLate(state, days);
  const window = await windowDeps(one, turn);
  for (const { window: day } of days) {
    if (day > closed || day < (state.next ?? 0)) continue;
    if (turn.isStopped() || steps-- === 0) return { ...report, outcome: 'more' };
    // Strictly before: what is learnt on the day itself is no history.
    const known = days.filter((past) => past.window < day && past.window >= day - content.history.days);
    if (known.length < content.history.least) continue;
    const scored = await scoreDay(content, day, window);
    state = withWindow(state, scored);
    await record.cursors.set(name, state, turn.lease);
    report.windows++;
    report.signals += scored.signals;
  }
  if (days.length > 0)
    await record.cursors.set(name, { ...state, next: Math.max(state.next ?? 0, closed + 1) }, turn.lease);
  return { ...report, outcome: 'done' };
}

async function fillDay(one: LoadedBehaviour, state: State, turn: Turn): Promise<State> {
  const { backfill, ...rest } = state;
  if (backfill === undefined) return state;
  await turn.relations.backfill(relationOf(one), backfill.next);
  const isLast = backfill.next >= backfill.last;
  const next: State = isLast ? rest : { ...rest, backfill: { ...backfill, next: backfill.next + 1 } };
  await turn.record.cursors.set(cursorName(one.content), next, turn.lease);
  return next;
}

/** A remembered window now holds more events than when it was scored: those came late. */
function countLate(state: State, days: readonly Day[]): State {
  let late = 0;
  const windows = state.windows.map((window) => {
    const events = days.find((day) => day.window === window.day)?.events ?? window.events;
    late += Math.max(0, events - window.events);
    return { ...window, events };
  });
  return { ...state, windows, late: state.late + late };
}

function daysOf(
  { id, version }: Behaviour,
  store: BehavioursDeps['store'],
  span: { from: number; to: number },
) {
  return store.query('behaviour-days', { behaviour: id, version, ...span }, Day);
}

async function windowDeps(one: LoadedBehaviour, { store, relations, record }: Turn): Promise<WindowDeps> {
  const wards = one.content.peers === 'ward' ? wardsOf(await record.inventory.items()) : new Map();
  const relation = relationOf(one);
  return {
    store,
    eventsOf: (pair) => relations.eventsOf(relation, pair),
    groupOf: (subject) => wards.get(subject),
  };
}

async function statusOf(content: Behaviour, { store, record }: BehavioursDeps): Promise<BehaviourStatus> {
  const state = (await record.cursors.get(cursorName(content), State)) ?? { windows: [], late: 0 };
  const days = await daysOf(content, store, { from: 0, to: LAST_DAY });
  const { id, version, status, title, why, history } = content;
  const iso = (day: number | undefined): string | undefined => (day === undefined ? undefined : isoDay(day));
  const window = state.windows.at(-1);
  return {
    id,
    version,
    status,
    title,
    why,
    days: days.length,
    firstDay: iso(days[0]?.window),
    lastDay: iso(days.at(-1)?.window),
    leastDays: history.least,
    subjectsLastDay: days.at(-1)?.subjects ?? 0,
    nextDay: iso(state.next),
    lastWindow: window === undefined ? undefined : { ...window, day: isoDay(window.day) },
    daysToFill: state.backfill === undefined ? 0 : state.backfill.last - state.backfill.next + 1,
    late: state.late,
  };
}
