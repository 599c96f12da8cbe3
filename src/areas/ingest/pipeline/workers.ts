/**
 * The worker threads: gives each its share, and gives results back in the order the work came. A thread that ends (or
 * stands still) is replaced and its work done again; a record that ended a thread twice is a dead letter. New content
 * gets new threads: the old ones finish what they have.
 */
import { Worker } from 'node:worker_threads';
import type { Issue } from '../../../model/issue.ts';
import type { IntelBuffers } from '../../../model/live/intel.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { FromWorker, ToWorker, WorkerSetup, WorkResult } from './protocol.ts';

export interface WorkersDeps {
  /** Indicators to begin with. */
  readonly intel?: IntelBuffers;
  readonly threads: number;
  readonly clock: Clock;
  readonly log: { warn(message: string, fields?: object): void };
}

export type Setup = Omit<WorkerSetup, 'inHand' | 'intel'>;

export interface Workers {
  /**
   * @param bytes given away with the work
   * @param again reads the same bytes once more, should a thread end over them
   */
  run(bytes: Uint8Array, again: () => Promise<Uint8Array>): Promise<WorkResult>;
  /** Work that no thread took yet. */
  readonly waiting: number;
  /** Compiles beside what runs; from when it resolves, work goes to threads with the new content. Rejects: none did. */
  replace(setup: Setup): Promise<readonly Issue[]>;
  /** Gives all threads, and those that come, other indicators. */
  useIntel(buffers: IntelBuffers): void;
  /** Threads that ended and were replaced. */
  readonly restarts: number;
  close(): Promise<void>;
}

interface Job {
  readonly id: number;
  bytes: Uint8Array;
  readonly again: () => Promise<Uint8Array>;
  poison: number[];
  resolve(result: WorkResult): void;
  reject(error: unknown): void;
}

interface Thread {
  readonly worker: Worker;
  readonly setup: Setup;
  readonly inHand: Float64Array;
  readonly jobs: Job[];
  isRetired: boolean;
  lastAnswerMillis: number;
}

/** Pieces of work a thread has at once: enough that it never waits for the next. */
const JOBS_PER_THREAD = 3;
/** A thread that gives nothing back for so long stands still. */
const STALL_MILLIS = 60_000;
const READY_MILLIS = 60_000;
/** Ends of threads over the same record before it is a dead letter. */
const MAX_DEATHS = 2;
const OLD_GENERATION_MB = 1_024;
/**
 * Every event makes some kilobytes of garbage: the fewer rounds of the collector, the less lives on from one to the next by
 * chance and is copied (32 → 128 MB: a worker's and V8's time an event 0.81, `bench/README.md`).
 */
const YOUNG_GENERATION_MB = { all: 512, least: 32, most: 128 } as const;

function heapLimits(threads: number): { maxYoungGenerationSizeMb: number; maxOldGenerationSizeMb: number } {
  const { all, least, most } = YOUNG_GENERATION_MB;
  const share = Math.min(most, Math.max(least, Math.floor(all / threads)));
  return { maxYoungGenerationSizeMb: share, maxOldGenerationSizeMb: OLD_GENERATION_MB };
}

/** @param setup may come later: the threads load their code meanwhile */
export async function startWorkers(setup: Setup | Promise<Setup>, deps: WorkersDeps): Promise<Workers> {
  const queue: Job[] = [];
  const deaths = new Map<number, number>();
  let threads: Thread[] = [];
  /** Not ready yet. */
  const starting = new Set<Worker>();
  let nextId = 1;
  let restarts = 0;
  let isClosed = false;
  let { intel } = deps;

  async function startThread(
    wanted: Setup | Promise<Setup>,
  ): Promise<{ thread: Thread; issues: readonly Issue[] }> {
    const inHand = new SharedArrayBuffer(16);
    const worker = new Worker(new URL('./worker-thread.mjs', import.meta.url), {
      resourceLimits: heapLimits(deps.threads),
    });
    let given: IntelBuffers | undefined;
    starting.add(worker);
    const issues = await whenReady(worker, async () => {
      const setup = await wanted;
      given = intel;
      return {
        type: 'setup',
        setup: { ...setup, inHand, ...(given === undefined ? {} : { intel: given }) },
      };
    }).finally(() => starting.delete(worker));
    if (isClosed) {
      await worker.terminate();
      throw new Error('closed while a thread got ready');
    }
    const thread: Thread = {
      worker,
      setup: await wanted,
      inHand: new Float64Array(inHand),
      jobs: [],
      isRetired: false,
      lastAnswerMillis: deps.clock.monotonicMillis(),
    };
    // Other indicators may have come while it compiled.
    if (intel !== undefined && intel !== given) post(worker, { type: 'intel', buffers: intel });
    worker.on('message', (message: FromWorker) => {
      if (message.type === 'done') onDone(thread, message.result);
    });
    worker.on('error', (error: Error) => onEnd(thread, error.message));
    worker.on('exit', (code) => onEnd(thread, `exit ${code}`));
    return { thread, issues };
  }

  function onDone(thread: Thread, result: WorkResult): void {
    thread.lastAnswerMillis = deps.clock.monotonicMillis();
    const at = thread.jobs.findIndex((job) => job.id === result.id);
    const [job] = at === -1 ? [] : thread.jobs.splice(at, 1);
    job?.resolve(result);
    if (thread.isRetired && thread.jobs.length === 0) void thread.worker.terminate();
    dispatch();
  }

  function onEnd(thread: Thread, reason: string): void {
    const wasRunning = threads.includes(thread);
    threads = threads.filter((other) => other !== thread);
    const orphans = thread.jobs.splice(0);
    if (isClosed || (!wasRunning && orphans.length === 0)) return;
    restarts++;
    deps.log.warn('a worker thread ended and is replaced', { reason, work: orphans.length });
    blame(thread, orphans);
    void takeUp(orphans, thread, wasRunning);
  }

  /** The record in hand is suspected; the second time it is left out. */
  function blame(thread: Thread, orphans: readonly Job[]): void {
    const seq = thread.inHand[0] ?? 0;
    const [first] = orphans;
    if (first === undefined || seq === 0) return;
    const count = (deaths.get(seq) ?? 0) + 1;
    deaths.set(seq, count);
    if (count >= MAX_DEATHS) for (const job of orphans) job.poison.push(seq);
  }

  async function takeUp(orphans: readonly Job[], ended: Thread, isReplaced: boolean): Promise<void> {
    try {
      for (const job of orphans) job.bytes = await job.again();
      queue.unshift(...orphans);
      if (isReplaced && !isClosed) {
        const { thread } = await startThread(ended.setup);
        threads.push(thread);
      }
      dispatch();
    } catch (error) {
      for (const job of orphans) job.reject(error);
    }
  }

  function dispatch(): void {
    for (;;) {
      const free = threads
        .filter((thread) => thread.jobs.length < JOBS_PER_THREAD)
        .sort((a, b) => a.jobs.length - b.jobs.length)[0];
      const job = free === undefined ? undefined : queue.shift();
      if (free === undefined || job === undefined) return;
      if (free.jobs.length === 0) free.lastAnswerMillis = deps.clock.monotonicMillis();
      free.jobs.push(job);
      post(free.worker, { type: 'work', work: { id: job.id, bytes: job.bytes, poison: job.poison } }, [
        job.bytes.buffer as ArrayBuffer,
      ]);
    }
  }

  const watchdog = setInterval(() => {
    const now = deps.clock.monotonicMillis();
    for (const thread of threads) {
      if (thread.jobs.length > 0 && now - thread.lastAnswerMillis > STALL_MILLIS) {
        deps.log.warn('a worker thread stands still', { seconds: STALL_MILLIS / 1000 });
        void thread.worker.terminate();
      }
    }
  }, STALL_MILLIS / 12);
  watchdog.unref();

  async function replace(wanted: Setup | Promise<Setup>): Promise<readonly Issue[]> {
    const outcomes = await Promise.allSettled(
      Array.from({ length: deps.threads }, () => startThread(wanted)),
    );
    const started = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) {
      // All or none: those that got ready would otherwise live on beside the old ones, without work.
      await Promise.all(started.map(({ thread }) => thread.worker.terminate()));
      throw failed.reason;
    }
    const before = threads;
    threads = started.map(({ thread }) => thread);
    for (const thread of before) {
      thread.isRetired = true;
      if (thread.jobs.length === 0) void thread.worker.terminate();
    }
    dispatch();
    return started[0]?.issues ?? [];
  }
  await replace(setup);

  return {
    run: (bytes, again) =>
      new Promise((resolve, reject) => {
        queue.push({ id: nextId++, bytes, again, poison: [], resolve, reject });
        dispatch();
      }),
    get waiting() {
      return queue.length;
    },
    get restarts() {
      return restarts;
    },
    replace,
    useIntel(buffers) {
      intel = buffers;
      for (const { worker } of threads) post(worker, { type: 'intel', buffers });
    },
    async close() {
      isClosed = true;
      clearInterval(watchdog);
      const all = [...starting, ...threads.map(({ worker }) => worker)];
      await Promise.all(all.map((worker) => worker.terminate()));
    },
  };
}

function post(worker: Worker, message: ToWorker, transfer: ArrayBuffer[] = []): void {
  worker.postMessage(message, transfer);
}

/** Gives the setup once it is known, and waits until it is compiled. */
function whenReady(worker: Worker, setup: () => Promise<ToWorker>): Promise<readonly Issue[]> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const onError = (error: unknown): void =>
      finish(error instanceof Error ? error : new Error(String(error)));
    const onExit = (code: number): void => finish(new Error(`a worker thread ended at its start (${code})`));
    const onMessage = (message: FromWorker): void => {
      if (message.type === 'ready') finish(undefined, message.issues);
    };
    function finish(error: Error | undefined, issues: readonly Issue[] = []): void {
      clearTimeout(timer);
      worker.off('error', onError);
      worker.off('exit', onExit);
      worker.off('message', onMessage);
      if (error === undefined) resolve(issues);
      else {
        void worker.terminate();
        reject(error);
      }
    }
    worker.on('error', onError);
    worker.on('exit', onExit);
    worker.on('message', onMessage);
    setup().then((message) => {
      timer = setTimeout(() => finish(new Error('a worker thread does not get ready')), READY_MILLIS);
      post(worker, message);
    }, onError);
  });
}
