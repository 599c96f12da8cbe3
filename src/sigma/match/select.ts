/**
 * From the triggers seen in one event to the candidates worth running: those triggered, each once, whose guards were
 * seen too, and those that always run. Shared by both entry paths.
 */
import type { View } from './view.ts';

export interface Selection {
  /** Ids of the triggers seen, repeats allowed; emptied by `reset`. */
  readonly fired: number[];
  reset(serial: number): void;
  /** Calls `run` for each candidate until it says true; says whether one did. */
  some(run: (candidate: number) => boolean): boolean;
}

export function createSelection(view: View): Selection {
  const fired: number[] = [];
  const firedAt = new Float64Array(view.triggers.length);
  const triedAt = new Float64Array(view.candidates.length);
  let serial = 0;

  function isGuarded(at: number): boolean {
    for (const guard of view.candidates[at]?.guards ?? []) {
      let seen = false;
      for (const id of guard) seen ||= firedAt[id] === serial;
      if (!seen) return false;
    }
    return true;
  }

  function tryTrigger(id: number, run: (candidate: number) => boolean): boolean {
    for (const at of view.triggers[id]?.candidates ?? []) {
      if (triedAt[at] === serial) continue;
      triedAt[at] = serial;
      if (isGuarded(at) && run(at)) return true;
    }
    return false;
  }

  return {
    fired,
    reset(next) {
      fired.length = 0;
      serial = next;
    },
    some(run) {
      for (const at of view.always) if (run(at)) return true;
      for (const id of fired) firedAt[id] = serial;
      for (const id of fired) if (tryTrigger(id, run)) return true;
      return false;
    },
  };
}
