/**
 * From the triggers seen in one event to the candidates worth running: those triggered, each once, whose guards were
 * seen too, and those that always run. Shared by both entry paths.
 */
import { DOUBT, type SeenAt } from './subject.ts';
import type { View } from './view.ts';

export interface Selection {
  /** Ids of the triggers seen, repeats allowed; emptied by `reset`. */
  readonly fired: number[];
  /** Ids of the triggers that may be there, for where they would be cannot be looked at; emptied by `reset`. */
  readonly doubtful: number[];
  /** By trigger id, once `each` runs: the serial of the event it was last seen in, plus DOUBT when that is not sure. */
  readonly seenAt: SeenAt;
  reset(serial: number): void;
  /** Calls `run` once for each candidate worth running. */
  each(run: (candidate: number) => void): void;
}

export function createSelection(view: View): Selection {
  const fired: number[] = [];
  const doubtful: number[] = [];
  const seenAt = new Float64Array(view.triggers.length);
  const triedAt = new Float64Array(view.candidates.length);
  let serial = 0;

  function isGuarded(at: number): boolean {
    for (const guard of view.candidates[at]?.guards ?? []) {
      let seen = false;
      for (const id of guard) seen ||= (seenAt[id] as number) >= serial;
      if (!seen) return false;
    }
    return true;
  }

  function tryTrigger(id: number, run: (candidate: number) => void): void {
    for (const at of view.triggers[id]?.candidates ?? []) {
      if (triedAt[at] === serial) continue;
      triedAt[at] = serial;
      if (isGuarded(at)) run(at);
    }
  }

  return {
    fired,
    doubtful,
    seenAt,
    reset(next) {
      fired.length = 0;
      doubtful.length = 0;
      serial = next;
    },
    each(run) {
      for (const id of fired) seenAt[id] = serial;
      for (const id of doubtful) seenAt[id] = serial + DOUBT;
      for (const at of view.always) run(at);
      for (const id of fired) tryTrigger(id, run);
      for (const id of doubtful) tryTrigger(id, run);
    },
  };
}
