/** Fresh counters of a receiver. */
import type { ReceiverCounters } from '../../../../model/live/receiver.ts';

export function createCounters(): ReceiverCounters {
  return { records: 0, bytes: 0, lost: 0, refused: 0, malformed: 0, connections: 0 };
}
