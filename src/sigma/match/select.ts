/**
 * From the triggers seen in one event to the candidates worth running: those triggered, each once, whose guards were
 * seen too, and those that always run. Shared by both entry paths. Everything looked up per event lies in small flat
 * arrays: with thousands of triggers, fetching memory is what costs.
 */
import { Ids } from './ids.ts';
import { DOUBTFUL, NOT_SEEN, SEEN, type Sights } from './subject.ts';
import type { View } from './view.ts';

export interface Selection {
  /** Ids of the triggers seen, repeats allowed; emptied by `reset`. */
  readonly fired: Ids;
  /** Ids of the triggers that may be there, for where they would be cannot be looked at; emptied by `reset`. */
  readonly doubtful: Ids;
  /** By trigger id, once `each` runs. */
  readonly sights: Sights;
  reset(): void;
  /** Calls `run` once for each candidate worth running. */
  each(run: (candidate: number) => void): void;
}

/** Lists of numbers laid end to end: list `i` is items[starts[i]] up to items[starts[i + 1]]. */
interface Lists {
  readonly starts: Int32Array;
  readonly items: Int32Array;
}

function listsOf(lists: readonly (readonly number[])[]): Lists {
  const starts = new Int32Array(lists.length + 1);
  for (const [index, list] of lists.entries()) starts[index + 1] = (starts[index] as number) + list.length;
  return { starts, items: Int32Array.from(lists.flat()) };
}

export function createSelection(view: View): Selection {
  const fired = new Ids();
  const doubtful = new Ids();
  const sights = new Uint8Array(view.triggers.length);
  const tried = new Uint8Array(view.candidates.length);
  const triedNow = new Ids();
  const triggered = listsOf(view.triggers.map((trigger) => trigger.candidates));
  const guards = listsOf(view.candidates.flatMap((candidate) => candidate.guards));
  /** By candidate: the first of its guards. */
  const firstGuard = listsOf(view.candidates.map((candidate) => candidate.guards.map(() => 0))).starts;

  function isGuarded(at: number): boolean {
    for (let guard = firstGuard[at] as number; guard < (firstGuard[at + 1] as number); guard += 1) {
      let index = guards.starts[guard] as number;
      const end = guards.starts[guard + 1] as number;
      while (index < end && sights[guards.items[index] as number] === NOT_SEEN) index += 1;
      if (index === end) return false;
    }
    return true;
  }

  function tryTrigger(id: number, run: (candidate: number) => void): void {
    const end = triggered.starts[id + 1] as number;
    for (let index = triggered.starts[id] as number; index < end; index += 1) {
      const at = triggered.items[index] as number;
      if (tried[at] === 1) continue;
      tried[at] = 1;
      triedNow.push(at);
      if (isGuarded(at)) run(at);
    }
  }

  return {
    fired,
    doubtful,
    sights,
    reset() {
      setAll(sights, fired, NOT_SEEN);
      setAll(sights, doubtful, NOT_SEEN);
      setAll(tried, triedNow, 0);
      fired.clear();
      doubtful.clear();
      triedNow.clear();
    },
    each(run) {
      setAll(sights, fired, SEEN);
      setAll(sights, doubtful, DOUBTFUL);
      for (const at of view.always) run(at);
      for (let index = 0; index < fired.size; index += 1) tryTrigger(fired.items[index] as number, run);
      for (let index = 0; index < doubtful.size; index += 1) tryTrigger(doubtful.items[index] as number, run);
    },
  };
}

function setAll(marks: Uint8Array, { items, size }: Ids, mark: number): void {
  for (let index = 0; index < size; index += 1) marks[items[index] as number] = mark;
}
