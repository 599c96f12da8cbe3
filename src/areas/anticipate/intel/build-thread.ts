/** The thread that builds an index and sends its buffers back. Nothing else lives here. */
import { parentPort, workerData } from 'node:worker_threads';
import { type BuildInput, buildIndex } from './build.ts';

const built = await buildIndex(workerData as BuildInput);
parentPort?.postMessage(built);
