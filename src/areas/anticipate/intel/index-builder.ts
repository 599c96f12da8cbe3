/** Builds the index in a thread of its own, so that receivers and the event path never wait for it. */
import { Worker } from 'node:worker_threads';
import type { BuildInput, BuiltIndex } from './build.ts';

/** @throws what the thread threw: an unreadable list file, no memory */
export function buildIndexInThread(input: BuildInput): Promise<BuiltIndex> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./build-thread.ts', import.meta.url), { workerData: input });
    worker.once('message', (built: BuiltIndex) => resolve(built));
    worker.once('error', reject);
    worker.once('exit', (code) =>
      reject(new Error(`the thread that builds the index ended with code ${code}`)),
    );
  });
}
