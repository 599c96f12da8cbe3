/** The framer on any bytes, cut anywhere: same records, nothing lost, memory bounded. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFramer, type Framer, type FramerOptions } from './framer.ts';

const LIMITS = { maxRecordBytes: 1000, fullBytes: 4096, fullRecords: 64, isSyslog: true };

function framerOf(overrides: Partial<FramerOptions> = {}): { framer: Framer; malformed: string[] } {
  const malformed: string[] = [];
  const framer = createFramer({ ...LIMITS, onMalformed: (what) => malformed.push(what), ...overrides });
  return { framer, malformed };
}

/** Pushes the bytes in pieces and takes records as a receiver does. */
function run(framer: Framer, bytes: Uint8Array, cuts: readonly number[]): string[] {
  const records: string[] = [];
  const drain = (): void => {
    for (let framed = framer.take(); framed !== undefined; framed = framer.take()) {
      const text = Buffer.from(framed.bytes);
      for (let index = 0; index < framed.spans.length; index += 2) {
        records.push(text.toString('latin1', framed.spans[index], framed.spans[index + 1]));
      }
    }
  };
  let from = 0;
  for (const cut of [...cuts].map((part) => part % (bytes.length + 1)).sort((a, b) => a - b)) {
    framer.push(bytes.slice(from, cut));
    if (framer.isFull || cut % 3 === 0) drain();
    from = cut;
  }
  framer.push(bytes.slice(from));
  drain();
  framer.finish();
  drain();
  return records;
}

const counted = fc
  .uint8Array({ maxLength: 60 })
  .map((body) => `<13>${Buffer.from(body).toString('latin1')}`)
  .map((text) => ({ text: text.replace(/\n$/, ''), wire: `${text.length} ${text}` }));
const line = fc
  .record({ text: fc.stringMatching(/^[a-z<>0-9 ]{1,40}$/), end: fc.constantFrom('\n', '\r\n', '\0') })
  .filter(({ text }) => !/^[1-9]\d{0,8} </.test(text))
  .map(({ text, end }) => ({ text, wire: text + end }));
const cuts = fc.array(fc.nat(10_000), { maxLength: 20 });

describe('framer', () => {
  it('tells counted messages and lines apart, message by message, wherever the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(counted, line), { maxLength: 200 }), cuts, (messages, places) => {
        const { framer, malformed } = framerOf();
        const wire = Buffer.from(messages.map((message) => message.wire).join(''), 'latin1');
        expect(run(framer, wire, places)).toEqual(messages.map((message) => message.text));
        expect(malformed).toEqual([]);
      }),
    );
  });

  it('takes any bytes, gives the same records for any cuts and never holds more than it may', () => {
    const noise = fc.uint8Array({ maxLength: 3000 });
    const digits = fc.stringMatching(/^[0-9 <\n\r]{0,200}$/).map((text) => Buffer.from(text));
    fc.assert(
      fc.property(fc.oneof(noise, digits), cuts, fc.boolean(), (bytes, places, isSyslog) => {
        const whole = framerOf({ isSyslog, maxRecordBytes: 50 });
        const pieces = framerOf({ isSyslog, maxRecordBytes: 50 });
        const expected = run(whole.framer, bytes, []);
        expect(run(pieces.framer, bytes, places)).toEqual(expected);
        expect(pieces.malformed).toEqual(whole.malformed);
        expect(expected.every((record) => record.length > 0 && record.length <= 50)).toBe(true);
        expect(pieces.framer.consumedBytes).toBe(bytes.length);
      }),
    );
  });

  it('keeps the beginning of a record that is too long and goes on after it', () => {
    const { framer, malformed } = framerOf({ maxRecordBytes: 10 });
    const long = 'x'.repeat(5000);
    const wire = Buffer.from(`${long}\nfirst\n4000 <${'y'.repeat(3999)}7 <second${long}`);
    const records = run(framer, wire, [3, 200, 4999, 5004, 5010, 7000]);
    expect(records).toEqual(['x'.repeat(10), 'first', `<${'y'.repeat(9)}`, '<second', 'x'.repeat(10)]);
    expect(malformed).toEqual(['too-long', 'too-long', 'too-long']);
  });

  it('says that a counted message ended early, and keeps what came', () => {
    const { framer, malformed } = framerOf();
    expect(run(framer, Buffer.from('50 <13>only this'), [])).toEqual(['<13>only this']);
    expect(malformed).toEqual(['cut-short']);
  });

  it('holds nothing of a flood of blank lines', () => {
    const { framer } = framerOf();
    for (let index = 0; index < 100; index++) framer.push(Buffer.alloc(10_000, 10));
    expect(framer.heldBytes).toBeLessThan(80_000);
    expect(framer.take()).toBeUndefined();
  });
});
