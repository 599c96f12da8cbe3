/**
 * Runs jobs at intervals beside everything else: never twice at once, a failure is logged and the next run comes as
 * planned. Keeps no process alive and remembers nothing: what a job did so far is its own to keep.
 */
import type { Log } from './log.ts';

export interface Scheduler {
  /** The first run comes after one interval. */
  every(name: string, seconds: number, job: (signal: AbortSignal) => Promise<void>): void;
  /** No more runs; resolves when those under way have ended. */
  stop(): Promise<void>;
}

export function createScheduler(log: Pick<Log, 'warn'>): Scheduler {
  const ending = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  const running = new Map<string, Promise<void>>();

  function run(name: string, job: (signal: AbortSignal) => Promise<void>): void {
    if (running.has(name)) return;
    const done = job(ending.signal)
      .catch((error: unknown) => log.warn('a job failed; it is run again as planned', { job: name, error }))
      .finally(() => running.delete(name));
    running.set(name, done);
  }

  return {
    every(name, seconds, job) {
      timers.push(setInterval(() => run(name, job), seconds * 1_000).unref());
    },
    async stop() {
      for (const timer of timers) clearInterval(timer);
      ending.abort();
      await Promise.all(running.values());
    },
  };
}
