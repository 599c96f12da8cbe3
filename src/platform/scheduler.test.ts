/** Jobs run at their interval, one at a time; one that fails is run again, one under way is waited for. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createScheduler } from './scheduler.ts';

const FAST_SECONDS = 0.005;

it('runs again after a failure, and says it', async () => {
  const said: unknown[] = [];
  const scheduler = createScheduler({ warn: (_message, fields) => void said.push(fields) });
  let runs = 0;
  const third = new Promise<void>((resolve) => {
    scheduler.every('a', FAST_SECONDS, async () => {
      if (++runs === 1) throw new Error('once');
      if (runs === 3) resolve();
    });
  });
  // Its timers keep no process alive; this one does.
  await Promise.race([third, sleep(5_000)]);
  await scheduler.stop();
  expect(runs).toBeGreaterThanOrEqual(3);
  expect(said).toMatchObject([{ job: 'a', error: new Error('once') }]);
});

it('runs a job once at a time, tells it to end and waits for it', async () => {
  const scheduler = createScheduler({ warn: () => {} });
  let atOnce = 0;
  let most = 0;
  const started = Promise.withResolvers<void>();
  scheduler.every('slow', FAST_SECONDS, async (signal) => {
    most = Math.max(most, ++atOnce);
    started.resolve();
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    atOnce--;
  });
  await Promise.race([started.promise, sleep(5_000)]);
  await scheduler.stop();
  expect([most, atOnce]).toEqual([1, 0]);
});
