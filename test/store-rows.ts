/** Numbered events for the tests of the store: batch 7 always has the same rows. */
import type { Event } from '../src/model/event.ts';
import { eventRows, type RowMeta } from '../src/model/live/event-block.ts';

export const BATCH_ROWS = 200;
const RECEIVED = Date.UTC(2026, 10, 26, 1);
const DAY = 86_400_000;
const KIND = { sourceId: 'test', sourceVersion: 1, bindings: [], ecsNames: ['user.name', 'host.name'] };

/** Rows over three days of event time, so that one batch is several parts. */
export function batchRows(batch: number): Uint8Array {
  const rows = Array.from({ length: BATCH_ROWS }, (_, index): [Event, RowMeta] => {
    const seq = batch * BATCH_ROWS + index;
    const sender = { receiver: 'test', peer: '10.0.0.7' };
    return [numbered(seq), { node: 1, seq, sender, receivedAtMillis: RECEIVED }];
  });
  return eventRows(rows).bytes;
}

function numbered(seq: number): Event {
  const millis = RECEIVED - (seq % 3) * DAY;
  return {
    kind: KIND,
    time: { epochMicros: millis * 1000, iso: new Date(millis).toISOString(), assumed: [] },
    ecs: { 'user.name': `user${seq % 50}`, 'host.name': `host${seq % 20}` },
    fields: { n: seq },
    text: `event number ${seq}`,
    origin: { path: '-', offset: 0 },
    format: 'text',
  };
}
