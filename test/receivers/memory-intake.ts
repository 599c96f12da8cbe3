/**
 * An intake that keeps what it is given in memory, for tests of receivers. It can be told to be full, slow or broken. It
 * checks what every delivery must hold: spans in order, inside the bytes, one to 65,536 records.
 */
import type { Delivery, Intake, Receipt } from '../../src/model/live/delivery.ts';
import { MAX_FRAME_RECORDS } from '../../src/model/live/delivery.ts';

export interface MemoryIntake extends Intake {
  readonly deliveries: readonly Delivery[];
  /** All records as text (latin1, so that every byte shows). */
  readonly records: readonly string[];
  readonly recordCount: number;
  setFull(isFull: boolean): void;
  /** Each delivery takes this long. */
  setDelay(millis: number): void;
  /** Refuses the next deliveries for this reason. */
  refuseNext(count: number, reason: 'broken' | 'too-large' | 'stopping'): void;
  /** Resolves when at least `count` records were kept. */
  whenRecords(count: number): Promise<void>;
}

export function createMemoryIntake(keepBytes = true): MemoryIntake {
  const deliveries: Delivery[] = [];
  const keys = new Set<string>();
  const waiters: { count: number; resolve: () => void }[] = [];
  let room = Promise.withResolvers<void>();
  let isFull = false;
  let delayMillis = 0;
  let recordCount = 0;
  let refusals: { left: number; reason: 'broken' | 'too-large' | 'stopping' } = { left: 0, reason: 'broken' };

  async function deliver(delivery: Delivery): Promise<Receipt> {
    check(delivery);
    if (isFull) return { kind: 'refused', reason: 'full', retryAfterSeconds: 1 };
    if (refusals.left > 0) {
      refusals = { ...refusals, left: refusals.left - 1 };
      return { kind: 'refused', reason: refusals.reason, retryAfterSeconds: 0.01 };
    }
    if (delayMillis > 0) await new Promise((resolve) => setTimeout(resolve, delayMillis));
    if (delivery.key !== undefined) {
      const name = `${delivery.sender.peer} ${delivery.key}`;
      if (keys.has(name)) return { kind: 'repeated' };
      keys.add(name);
    }
    if (keepBytes) deliveries.push(delivery);
    recordCount += delivery.spans.length / 2;
    for (const waiter of waiters) if (recordCount >= waiter.count) waiter.resolve();
    return { kind: 'accepted' };
  }

  return {
    deliver,
    get isFull() {
      return isFull;
    },
    whenRoom: () => (isFull ? room.promise : Promise.resolve()),
    deliveries,
    get records() {
      return deliveries.flatMap(recordsOf);
    },
    get recordCount() {
      return recordCount;
    },
    setFull(value) {
      isFull = value;
      if (value) room = Promise.withResolvers<void>();
      else room.resolve();
    },
    setDelay(millis) {
      delayMillis = millis;
    },
    refuseNext(count, reason) {
      refusals = { left: count, reason };
    },
    whenRecords(count) {
      if (recordCount >= count) return Promise.resolve();
      return new Promise((resolve) => waiters.push({ count, resolve }));
    },
  };
}

function recordsOf(delivery: Delivery): string[] {
  const bytes = Buffer.from(delivery.bytes.buffer, delivery.bytes.byteOffset, delivery.bytes.length);
  const texts: string[] = [];
  for (let index = 0; index < delivery.spans.length; index += 2) {
    texts.push(bytes.toString('latin1', delivery.spans[index], delivery.spans[index + 1]));
  }
  return texts;
}

function check(delivery: Delivery): void {
  const { spans, bytes } = delivery;
  if (spans.length === 0 || spans.length % 2 !== 0) throw new Error(`${spans.length} span ends`);
  if (spans.length / 2 > MAX_FRAME_RECORDS) throw new Error(`${spans.length / 2} records in a frame`);
  let last = 0;
  for (let index = 0; index < spans.length; index += 2) {
    const start = spans[index] ?? 0;
    const end = spans[index + 1] ?? 0;
    if (start < last || end <= start || end > bytes.length)
      throw new Error(`span ${start}–${end} after ${last}`);
    last = end;
  }
}
