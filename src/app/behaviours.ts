/** Opens the behaviours over the stores, and runs them beside the service. Part of the composition root. */
import { type Behaviours, createBehaviours, loadBehaviours } from '../areas/anticipate/index.ts';
import type { Issue } from '../model/issue.ts';
import type { RecordStore } from '../model/live/record-store.ts';
import { systemClock as clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { Metrics } from '../platform/metrics.ts';
import type { OpenEventStore } from '../store/index.ts';

export interface BehaviourPlace {
  /** Content directories, the site's own last. */
  readonly content: readonly string[];
  readonly events: OpenEventStore;
  readonly record: RecordStore;
  readonly owner: string;
}

export function openBehaviours({ content, events, record, owner }: BehaviourPlace): {
  readonly behaviours: Behaviours;
  readonly issues: readonly Issue[];
} {
  const { value, issues } = loadBehaviours(content);
  const behaviours = createBehaviours({
    behaviours: value,
    store: events,
    relations: events.relations,
    record,
    owner,
    nowMillis: () => clock.nowMillis(),
  });
  return { behaviours, issues };
}

/** One turn ends after this, whatever is left: the next goes on. Shorter than the lease. */
const DEADLINE_MILLIS = 5 * 60_000;

/** A job of the scheduler: a turn of every behaviour; what fails is logged and counted, by behaviour. */
export function behaviourJob(
  behaviours: Behaviours,
  { log, metrics }: { readonly log: Log; readonly metrics: Metrics },
): (signal: AbortSignal) => Promise<void> {
  const windows = metrics.counter('vigie_behaviour_windows_total', 'Windows scored');
  const signals = metrics.counter('vigie_behaviour_signals_total', 'Signals of behaviours');
  const failures = metrics.counter('vigie_behaviour_failures_total', 'Turns of a behaviour that failed');
  return async (signal) => {
    const ticks = await behaviours.tick(AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MILLIS)]));
    for (const { id, outcome, reason, ...done } of ticks) {
      windows.add(done.windows, { behaviour: id });
      signals.add(done.signals, { behaviour: id });
      failures.add(outcome === 'failed' ? 1 : 0, { behaviour: id });
      if (outcome === 'failed') log.warn('a behaviour failed; it is tried again', { behaviour: id, reason });
      else if (done.windows > 0) log.info('windows scored', { behaviour: id, ...done });
    }
  };
}
