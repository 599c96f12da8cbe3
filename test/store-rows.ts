/** Numbered events for the tests of the store: batch 7 always has the same rows. */
import type { Event } from '../src/model/event.ts';
import { writeEventRow } from '../src/model/live/event-row.ts';

export const BATCH_ROWS = 200;
const RECEIVED = Date.UTC(2026, 10, 26, 1);
const DAY = 86_400_000;
const KIND = { sourceId: 'test', sourceVersion: 1, bindings: [], ecsNames: ['user.name', 'host.name'] };

/** Rows over three days of event time, so that one batch is several parts. */
export function batchRows(batch: number): Buffer {
  const rows = Array.from({ length: BATCH_ROWS }, (_, index) => {
    const seq = batch * BATCH_ROWS + index;
    const meta = { node: 1, seq, sender: { receiver: 'test', peer: '10.0.0.7' }, receivedAtMillis: RECEIVED };
    return writeEventRow(numbered(seq), meta);
  });
  return Buffer.from(`${rows.join('\n')}\n`);
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
