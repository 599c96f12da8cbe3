/** A reading thread of a hunt, as it is started: it loads its code (`lane-thread.mjs`) and waits for its setup. */
import { Worker } from 'node:worker_threads';

/** Heap of one thread, in MB. */
const LANE_HEAP_MB = 320;
/** Of that, for what is new: with half of it, collecting garbage takes half as long again. */
const YOUNG_GENERATION_MB = 32;

export interface LaneThread {
  readonly worker: Worker;
  /** Why the thread ended, once it has. */
  readonly ended: Promise<string>;
}

export function startLaneThread(): LaneThread {
  const worker = new Worker(new URL('./lane-thread.mjs', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: LANE_HEAP_MB, maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  });
  const ended = new Promise<string>((resolve) => {
    worker.on('error', (error) => resolve(error.message));
    worker.on('exit', (code) => resolve(`exit code ${code}`));
  });
  return { worker, ended };
}
