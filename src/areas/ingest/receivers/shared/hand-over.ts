/**
 * Hands deliveries to the intake for senders whose bytes wait in front of us (a socket, a file): one at a time and in
 * order, the same one again while the intake is full, until it is on disk or the receiver is out of time. It does not
 * read; it says when there is room to.
 */
import type { Delivery, Intake, Receipt } from '../../../../model/live/delivery.ts';
import type { ReceiverCounters } from '../../../../model/live/receiver.ts';

export interface HandOverDeps {
  readonly intake: Intake;
  readonly counters: ReceiverCounters;
  readonly warn: (message: string, fields: object) => void;
  /** The sender has the records still when the receiver stops (a file): nothing is lost then. */
  readonly senderKeeps?: boolean;
}

export interface HandOver {
  /**
   * Resolves true when all of it is on disk, or was counted as lost because it is too large for the intake. False: given
   * up because the receiver stops (`abandon`).
   */
  deliver(delivery: Delivery): Promise<boolean>;
  /** From now on a refusal is final. */
  abandon(): void;
}

const ROOM_CHECK_MILLIS = 1_000;

export function createHandOver(deps: HandOverDeps): HandOver {
  const { intake, counters } = deps;
  let isAbandoned = false;
  const abandoned = Promise.withResolvers<void>();

  async function deliver(delivery: Delivery): Promise<boolean> {
    const records = delivery.spans.length / 2;
    const bytes = delivery.bytes.length;
    let isRefusalCounted = false;
    for (;;) {
      const receipt = await intake.deliver(delivery);
      if (receipt.kind !== 'refused') {
        counters.records += records;
        counters.bytes += bytes;
        return true;
      }
      if (receipt.reason === 'too-large') return split(delivery);
      if (!isRefusalCounted) counters.refused += records;
      isRefusalCounted = true;
      if (isAbandoned) {
        if (deps.senderKeeps !== true) giveUp(records, receipt.reason);
        return false;
      }
      await room(receipt);
    }
  }

  /** Waits for room, or a moment: an intake that is broken or stopping has no room to announce. */
  async function room(receipt: Receipt & { kind: 'refused' }): Promise<void> {
    const millis = Math.max(ROOM_CHECK_MILLIS, receipt.retryAfterSeconds * 1000);
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, millis);
    const waits = [promise, abandoned.promise];
    if (receipt.reason === 'full') waits.push(intake.whenRoom());
    await Promise.race(waits);
    clearTimeout(timer);
  }

  async function split(delivery: Delivery): Promise<boolean> {
    const records = delivery.spans.length / 2;
    if (records <= 1) {
      giveUp(records, 'too-large');
      return true;
    }
    const middle = 2 * Math.floor(records / 2);
    const first = await deliver(part(delivery, 0, middle));
    const second = await deliver(part(delivery, middle, delivery.spans.length));
    return first && second;
  }

  function giveUp(records: number, reason: string): void {
    counters.lost += records;
    deps.warn('records given up', { records, reason });
  }

  return {
    deliver,
    abandon() {
      isAbandoned = true;
      abandoned.resolve();
    },
  };
}

/** A run of the records of a delivery, with only their bytes. */
function part(delivery: Delivery, from: number, to: number): Delivery {
  const start = delivery.spans[from] ?? 0;
  const end = delivery.spans[to - 1] ?? start;
  return {
    ...delivery,
    // Parts are deliveries of their own: the same key would make the second one a repetition of the first.
    ...(delivery.key === undefined ? {} : { key: `${delivery.key}/${from}-${to}` }),
    bytes: delivery.bytes.slice(start, end),
    spans: delivery.spans.slice(from, to).map((place) => place - start),
  };
}
