/** The loop of a worker's thread: takes its setup, then work, one piece after the other. */
import { parentPort } from 'node:worker_threads';
import { letGo } from '../../../lib/let-go.ts';
import { systemClock } from '../../../platform/clock.ts';
import type { FromWorker, ToWorker } from './protocol.ts';
import { createStage, type Stage } from './stage.ts';

const port = parentPort;
if (port === null) throw new Error('worker-loop.ts runs in a worker thread only');

let stage: Stage | undefined;

function send(message: FromWorker, transfer: readonly ArrayBufferLike[] = []): void {
  port?.postMessage(message, transfer as ArrayBuffer[]);
}

port.on('message', (message: ToWorker) => {
  if (message.type === 'setup') {
    stage = createStage(message.setup, systemClock);
    send({ type: 'ready', issues: stage.issues });
    return;
  }
  if (stage === undefined) throw new Error('work came before the setup');
  if (message.type === 'intel') {
    stage.useIntel(message.buffers);
    return;
  }
  const result = stage.run(message.work);
  letGo(message.work.bytes);
  const { events, signals, deadLetters } = result;
  send(
    { type: 'done', result },
    [events, signals, deadLetters].map(({ bytes }) => bytes.buffer),
  );
});
