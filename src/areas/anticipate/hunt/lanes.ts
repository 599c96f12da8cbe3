/**
 * The reading threads of a hunt: started, fed unit by unit, asked for their tallies at the end. A thread that dies
 * loses its unit, which is reported, and is replaced; the other threads go on.
 */
import { packRules, type RulePack, type RuleTexts } from '../rules/rule-pack.ts';
import { type LaneThread, startLaneThread } from './lane-thread.ts';
import type { FromLane, LaneSetup, ToLane, Unit } from './protocol.ts';

/** A thread that died this often is not started again. */
const MOST_DEATHS = 16;
/** Units waiting at a thread beside the one it reads, so that it never waits for us. */
const AHEAD = 1;

type Done = Extract<FromLane, { type: 'done' }>;
type Last = Extract<FromLane, { type: 'tally' }>;

export interface LanesWatch {
  /** A unit was read to its end; awaited before that thread gets another. */
  onDone(done: Done): Promise<void>;
  onReady(ready: Extract<FromLane, { type: 'ready' }>): void;
  /** A thread died on these units. */
  onLost(units: readonly Unit[], reason: string): void;
}

export interface Lanes {
  /** Parses rules in a thread, which keeps what that takes out of ours; here when the thread cannot. */
  pack(texts: RuleTexts): Promise<RulePack>;
  /** Feeds every unit to the next free thread; resolves with each thread's tally when all are read. */
  run(units: AsyncIterator<Unit>): Promise<Last[]>;
}

interface Lane extends LaneThread {
  readonly pending: Map<number, Unit>;
}

/**
 * @param threads started before, so that they load their code while the caller reads the rules; `setup` is sent to them
 *   when it is there
 */
export function createLanes(
  threads: readonly LaneThread[],
  setup: Promise<LaneSetup>,
  watch: LanesWatch,
): Lanes {
  const firsts = threads.map(toLane);
  const starts = firsts.map((lane, index) => setUp(lane, index, setup));
  return {
    pack: (texts) => packIn(firsts[0], texts),
    run: async (units) => {
      const lasts = await Promise.all(starts.map((start, index) => runLane(start, index, units)));
      await tellUnread(units);
      return lasts.filter((last) => last !== undefined);
    },
  };

  async function runLane(
    start: Promise<Lane>,
    index: number,
    units: AsyncIterator<Unit>,
  ): Promise<Last | undefined> {
    let lane = await start;
    for (let deaths = 1; ; deaths += 1) {
      const outcome = await driveLane(lane, units, watch);
      if (outcome.kind === 'finished') return outcome.last;
      watch.onLost([...lane.pending.values()], outcome.reason);
      // A thread that dies before it was given anything will die again: what is left goes to the others.
      if (deaths >= MOST_DEATHS || !outcome.isReady) return undefined;
      lane = await setUp(toLane(startLaneThread()), index, setup);
    }
  }

  /** Units are left when every thread gave up: none of them may go unsaid. */
  async function tellUnread(units: AsyncIterator<Unit>): Promise<void> {
    const left: Unit[] = [];
    for (let next = await units.next(); next.done !== true; next = await units.next()) left.push(next.value);
    if (left.length > 0) watch.onLost(left, 'no reading thread is left');
  }
}

function toLane(thread: LaneThread): Lane {
  return { ...thread, pending: new Map() };
}

async function setUp(lane: Lane, index: number, setup: Promise<LaneSetup>): Promise<Lane> {
  const message: ToLane = { type: 'setup', lane: index, setup: await setup };
  lane.worker.postMessage(message);
  return lane;
}

async function packIn(lane: Lane | undefined, texts: RuleTexts): Promise<RulePack> {
  if (lane === undefined) return packRules(texts);
  const { worker, ended } = lane;
  const answer = new Promise<RulePack>((resolve) => {
    worker.once('message', (message: FromLane) => {
      if (message.type === 'packed') resolve(message.pack);
    });
  });
  const message: ToLane = { type: 'pack', texts };
  worker.postMessage(message);
  return (await Promise.race([answer, ended.then(() => undefined)])) ?? packRules(texts);
}

type LaneEnd =
  | { readonly kind: 'finished'; readonly last: Last }
  | { readonly kind: 'died'; readonly reason: string; readonly isReady: boolean };

/** Feeds one thread until the units are over and its tally is here, or until it dies. */
function driveLane(lane: Lane, units: AsyncIterator<Unit>, watch: LanesWatch): Promise<LaneEnd> {
  const { worker, pending, ended } = lane;
  const send = (message: ToLane): void => worker.postMessage(message);
  return new Promise((resolve, reject) => {
    let isOver = false;
    let isReady = false;
    let isAskedForTally = false;
    async function feed(): Promise<void> {
      while (!isOver && pending.size <= AHEAD) {
        const next = await units.next();
        if (next.done === true) isOver = true;
        else {
          pending.set(next.value.id, next.value);
          send({ type: 'unit', unit: next.value });
        }
      }
      if (!isOver || pending.size > 0 || isAskedForTally) return;
      isAskedForTally = true;
      send({ type: 'finish' });
    }
    async function onMessage(message: FromLane): Promise<void> {
      if (message.type === 'ready') {
        isReady = true;
        watch.onReady(message);
      }
      if (message.type === 'done') {
        pending.delete(message.unitId);
        await watch.onDone(message);
      }
      if (message.type === 'tally') {
        resolve({ kind: 'finished', last: message });
        await worker.terminate();
      } else await feed();
    }
    worker.on('message', (message: FromLane) => void onMessage(message).catch(reject));
    void ended.then((reason) => resolve({ kind: 'died', reason, isReady }));
  });
}
