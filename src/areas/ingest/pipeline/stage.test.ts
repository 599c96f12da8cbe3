/** Records go through each step together: what fails is told by itself, and the others come out as alone. */
import { serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { eventSeq } from '../../../model/live/delivery.ts';
import { SIGNAL_COLUMNS } from '../../../model/live/signal-row.ts';
import type { Clock } from '../../../platform/clock.ts';
import { loadSourceContent, SHIPPED_CONTENT } from '../../../platform/content.ts';
import { loadRules, packPrepared, prepareRules } from '../../../sigma/index.ts';
import { encodeDelivery, writeFrame } from '../spool/format.ts';
import { deliveryOf } from '../spool/testing/harness.ts';
import { STEPS } from './protocol.ts';
import { createStage } from './stage.ts';

const RULE = `
title: Refused logon
id: 00000000-0000-4000-8000-000000000001
logsource: { product: linux, service: sshd }
detection: { selection: { event.outcome: failure }, condition: selection }
level: low
`;
const SEQS = SIGNAL_COLUMNS.indexOf('event_seqs');
const RECEIVED = Date.UTC(2026, 10, 27);
const { rules } = loadRules([{ path: 'rules.yml', text: RULE }]);

/** Throws at one of its calls. Only every 64th record asks: twice, twice, three times and twice in its steps. */
function clockThrowingAt(call: number): Clock {
  let calls = 0;
  const monotonicMillis = (): number => {
    calls += 1;
    if (calls === call) throw new Error('broken step');
    return calls;
  };
  return { nowMillis: () => RECEIVED, monotonicMillis };
}

function stageWith(clock: Clock) {
  const inHand = new SharedArrayBuffer(16);
  const stage = createStage(
    {
      node: 1,
      siteZone: 'Europe/Paris',
      ...loadSourceContent([SHIPPED_CONTENT]).value,
      prepared: packPrepared(prepareRules(rules.filter((rule) => rule.kind === 'detection')), serialize),
      correlated: new Map(),
      inHand,
    },
    clock,
  );
  return { stage, inHand: new Float64Array(inHand) };
}

const text = (index: number): string =>
  `<38>1 2026-11-27T09:00:00Z gw sshd 12 - - Failed password for root from 203.0.113.7 port ${1000 + index} ssh2`;

/** Frames of so many records each. */
function framesOf(count: number, perFrame: number): Uint8Array {
  const frames: Buffer[] = [];
  for (let first = 0; first < count; first += perFrame) {
    const texts = Array.from({ length: Math.min(perFrame, count - first) }, (_, index) =>
      text(first + index),
    );
    const encoded = encodeDelivery(deliveryOf(texts, { receivedAtMillis: RECEIVED }));
    if (encoded === undefined) throw new Error('the sender is too long');
    const frame = Buffer.alloc(encoded.frameBytes);
    writeFrame(frame, 0, { marker: Buffer.alloc(8), seq: frames.length + 1, encoded });
    frames.push(frame);
  }
  return Buffer.concat(frames);
}

const linesOf = ({ bytes }: { readonly bytes: Uint8Array }): string[] =>
  Buffer.from(bytes).toString('utf8').split('\n').slice(0, -1);

describe('a stage', () => {
  const work = { id: 1, bytes: framesOf(200, 7), poison: [] };

  it('gives every record its row and its signals, in order, however they lie in frames', () => {
    for (const perFrame of [7, 200]) {
      const { stage } = stageWith(clockThrowingAt(-1));
      const { events, signals, deadLetters, times } = stage.run({ ...work, bytes: framesOf(200, perFrame) });
      expect([events.count, deadLetters.count, times.timedRecords]).toEqual([200, 0, 3]);
      const seqs = linesOf(signals).map((row) => JSON.parse(row)[SEQS][0]);
      expect(seqs).toEqual(
        Array.from({ length: 200 }, (_, index) =>
          eventSeq(Math.floor(index / perFrame) + 1, index % perFrame),
        ),
      );
    }
  });

  it.each([
    ['decode', 1],
    ['normalise', 3],
    ['match', 5],
    ['store', 8],
  ] as const)('makes a dead letter of the record that fails at %s, and of no other', (step, call) => {
    const { stage, inHand } = stageWith(clockThrowingAt(call));
    const { events, deadLetters } = stage.run(work);
    expect([events.count, deadLetters.count]).toEqual([199, 1]);
    const [letter = ''] = linesOf(deadLetters);
    // The 64th record is the first of the tenth frame.
    expect(letter).toContain(`"1.${eventSeq(10, 0)}"`);
    expect(letter).toContain(step);
    expect(letter).toContain('broken step');
    expect([...inHand]).toEqual([eventSeq(29, 3), STEPS.indexOf('store')]);
  });

  it('leaves out what ended a thread before', () => {
    const { stage } = stageWith(clockThrowingAt(-1));
    const { events, deadLetters } = stage.run({ ...work, poison: [eventSeq(2, 3)] });
    expect([events.count, deadLetters.count]).toEqual([199, 1]);
    expect(linesOf(deadLetters)[0]).toContain('LIVE_KILLED_WORKER');
  });
});
