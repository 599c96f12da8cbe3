/**
 * The door of the hunt, apart from the area's so that a hunt begins without loading the rest: its threads are started
 * first and load their code while ours is loaded.
 */
import type { HuntSummary } from '../../../model/hunt.ts';
import { startLaneThread } from './lane-thread.ts';
import type { HuntDeps, HuntOptions, RunningHunt } from './options.ts';

export { rowHead } from '../export/writer.ts';
export { placeholdersComplaint } from '../rules/placeholders.ts';
export type { HuntOptions, HuntProgress, HuntWatch, RunningHunt } from './options.ts';

/** @example startHunt(options, { clock, watch }).done.then((summary) => …) */
export function startHunt(options: HuntOptions, deps: HuntDeps): RunningHunt {
  const stop = new SharedArrayBuffer(4);
  const flag = new Int32Array(stop);
  const threads = Array.from({ length: options.threads }, startLaneThread);
  const run = async (): Promise<HuntSummary> => {
    try {
      const { runHunt } = await import('./hunt.ts');
      return await runHunt(options, deps, { stop, threads });
    } finally {
      // Most have ended by themselves; one that has not would keep the process.
      await Promise.all(threads.map(({ worker }) => worker.terminate()));
    }
  };
  return {
    done: run(),
    stop: () => void Atomics.store(flag, 0, 1),
  };
}
