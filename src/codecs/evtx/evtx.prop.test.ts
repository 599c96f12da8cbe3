import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fields, FieldValue } from '../../model/event.ts';
import { decodeAll, edited, sampleEvents } from './testing/decode.ts';
import { writeEvtx } from './write.ts';

const SEED = 20261124;

const text = fc.string({ unit: 'binary', maxLength: 60 }).map((value) => value.replace(/\0+$/, ''));
const hex = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((value) => `0x${value.toString(16)}`);
const guid = fc.uuid().map((value) => `{${value.toUpperCase()}}`);
const sid = fc
  .array(fc.nat({ max: 0xffff_ffff }), { maxLength: 6 })
  .map((parts) => ['S-1-5', ...parts].join('-'));
const time = fc
  .date({ min: new Date('1601-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
  .map((date) => date.toISOString().replace('Z', '1234Z'));
const scalar: fc.Arbitrary<FieldValue> = fc.oneof(
  text,
  hex,
  guid,
  sid,
  time,
  fc.boolean(),
  fc.constant(null),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const list = fc.array(
  text.filter((item) => !item.includes('\0')),
  { minLength: 2, maxLength: 5 },
);
const event: fc.Arbitrary<Fields> = fc
  .record({
    system: fc.record({
      Provider_Name: text.filter((value) => value !== ''),
      EventID: fc.nat({ max: 65_535 }),
      TimeCreated: time,
      Computer: text,
    }),
    data: fc.dictionary(
      fc.string({ minLength: 1, maxLength: 12 }),
      fc.oneof({ arbitrary: scalar, weight: 4 }, list),
      {
        maxKeys: 12,
        noNullPrototype: true,
      },
    ),
  })
  .filter(
    ({ data }) => !Object.keys(data).some((name) => name === 'Data' || name === '__proto__' || name in EMPTY),
  )
  .map(({ system, data }) => ({ ...system, ...data }));
const EMPTY: Fields = { EventRecordID: 0, Level: 0, Task: 0, Version: 0, Opcode: 0, Channel: '' };

/** What a text becomes that ends in NULs, or a list of one. */
function expected(events: readonly Fields[]): Fields[] {
  return events.map((fields, index) => ({ ...fields, EventRecordID: index + 1 }));
}

describe('EVTX properties', () => {
  it('decodes what it wrote', () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 40 }), (events) => {
        const result = decodeAll(writeEvtx(events));
        expect(result.issues).toEqual([]);
        expect(result.records.map((record) => ({ ...record.fields }))).toEqual(expected(events));
      }),
      { seed: SEED, numRuns: 150 },
    );
  });

  it('gives the same with and without layouts', () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 20 }), (events) => {
        const file = writeEvtx(events);
        expect(decodeAll(file, { usesLayouts: false })).toEqual(decodeAll(file));
      }),
      { seed: SEED, numRuns: 60 },
    );
  });

  const edits = fc.array(
    fc.record({
      at: fc.nat({ max: 4096 + 16_384 }),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 12 }),
    }),
    { minLength: 1, maxLength: 40 },
  );
  const file = writeEvtx(sampleEvents(40));

  it('never throws and never hangs on changed bytes, and stays the same however it is sliced', () => {
    fc.assert(
      fc.property(edits, fc.integer({ min: 1000, max: 90_000 }), (changes, slice) => {
        const bad = edited(file, (copy) => {
          for (const { at, bytes } of changes) copy.set(bytes, at);
        });
        const whole = decodeAll(bad);
        expect(whole.records.length).toBeLessThanOrEqual(2300);
        expect(decodeAll(bad, {}, slice)).toEqual(whole);
        expect(decodeAll(bad, { usesLayouts: false }).records).toEqual(whole.records);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('never throws on bytes that were never an event log', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70_000 }), fc.boolean(), (bytes, isChunk) => {
        const head = isChunk ? Buffer.from('ElfChnk\0') : Buffer.from('ElfFile\0');
        decodeAll(Buffer.concat([head, bytes]));
      }),
      { seed: SEED, numRuns: 100 },
    );
  });

  it('stays bounded on a chunk that is one signature after the other', () => {
    const bad = edited(file, (copy) => {
      for (let at = 4096 + 512; at + 8 <= copy.length; at += 8) {
        copy.writeUInt32LE(0x2a2a, at);
        copy.writeUInt32LE(32, at + 4);
      }
    });
    expect(decodeAll(bad).records.length).toBeLessThan(2300);
  });
});
