import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { crc32 } from './bytes.ts';
import { evtxCodec, evtxRanges } from './codec.ts';
import { CHUNK, CHUNK_SIZE, FILE, FILE_HEADER_SIZE } from './layout.ts';
import { codesOf, decodeAll, edited, sampleEvent, sampleEvents } from './testing/decode.ts';
import { writeEvtx } from './write.ts';

const CHUNK_1 = FILE_HEADER_SIZE;
const CHUNK_2 = FILE_HEADER_SIZE + CHUNK_SIZE;
const FIRST_RECORD = CHUNK_1 + 512;

/** Offset of the record with this number (1-based) in the first chunk. */
function recordAt(file: Buffer, number: number): number {
  let at = FIRST_RECORD;
  for (let index = 1; index < number; index++) at += file.readUInt32LE(at + 4);
  return at;
}

/** Puts the checksums of the first chunk right again after an edit. */
function resign(file: Buffer): void {
  const chunk = file.subarray(CHUNK_1, CHUNK_2);
  chunk.writeUInt32LE(crc32(chunk, 512, chunk.readUInt32LE(CHUNK.freeSpace)), CHUNK.dataChecksum);
  chunk.writeUInt32LE(crc32(chunk, 128, 512, crc32(chunk, 0, 120)), CHUNK.headerChecksum);
}

const names = (records: readonly { fields: Record<string, unknown> }[]): unknown[] =>
  records.map((record) => record.fields.TargetUserName);

describe('EVTX', () => {
  const events = sampleEvents(300);
  const file = writeEvtx(events);

  it('is told by its signature', () => {
    expect(evtxCodec.detect(file)).toBe(1);
    expect(evtxCodec.detect(file.subarray(CHUNK_1))).toBe(1);
    expect(evtxCodec.detect(Buffer.from('ElfFil'))).toBe(0);
    expect(evtxCodec.detect(Buffer.alloc(0))).toBe(0);
  });

  it('gives every record, whatever the slicing', () => {
    const whole = decodeAll(file);
    expect(whole.issues).toEqual([]);
    expect(whole.records.map((record) => record.fields)).toEqual(events);
    for (const size of [1, 4095, 4096, 65536, 70_001]) expect(decodeAll(file, {}, size)).toEqual(whole);
  });

  it('can be shared among threads by ranges of chunks', () => {
    const file = writeEvtx(sampleEvents(900));
    expect(file.length).toBeGreaterThan(FILE_HEADER_SIZE + 3 * CHUNK_SIZE);
    for (const parts of [1, 2, 3, 50]) {
      const ranges = evtxRanges(file.length, parts);
      expect(ranges.length).toBeLessThanOrEqual(parts);
      const records = ranges.flatMap(
        ({ start, end }) => decodeAll(file.subarray(start, end), { baseOffset: start }).records,
      );
      expect(records).toEqual(decodeAll(file).records);
    }
    expect(evtxRanges(100, 4)).toEqual([{ start: 0, end: 100 }]);
  });

  it('reads chunks without a file header', () => {
    expect(decodeAll(file.subarray(CHUNK_1)).records).toHaveLength(300);
  });

  it('does not believe the counts of the header', () => {
    const wrong = edited(file, (copy) => {
      copy.writeUInt16LE(0, FILE.chunkCount);
      copy.writeUInt32LE(1, FILE.flags);
      copy.writeUInt32LE(crc32(copy, 0, 120), FILE.checksum);
    });
    expect(codesOf(decodeAll(wrong))).toEqual(['EVTX_DIRTY']);
    expect(decodeAll(wrong).records).toHaveLength(300);
  });

  it('keeps names that System has taken apart', () => {
    const event = sampleEvent(1, { EventData_Level: 'high', Data: ['a', 'b'], __proto__: null });
    const [record] = decodeAll(writeEvtx([event])).records;
    expect(record?.fields).toEqual({ ...event });
    expect(record?.fields.Level).toBe(4);
  });
});

describe('damaged EVTX', () => {
  const events = sampleEvents(300);
  const file = writeEvtx(events);
  const firstChunk = decodeAll(file.subarray(0, CHUNK_2)).records.length;

  it('reads on after a checksum that does not hold', () => {
    const bad = edited(file, (copy) => copy.writeUInt8(1, CHUNK_1 + 60));
    const result = decodeAll(bad);
    expect(codesOf(result)).toEqual(['EVTX_CHECKSUM']);
    expect(result.issues[0]?.place.offset).toBe(CHUNK_1);
    expect(result.records).toHaveLength(300);
  });

  it('finds the records of a chunk whose signature is gone', () => {
    const result = decodeAll(edited(file, (copy) => copy.fill(0x41, CHUNK_1, CHUNK_1 + 8)));
    expect(codesOf(result)).toEqual(['EVTX_CHUNK_MAGIC', 'EVTX_GAP']);
    expect(result.records).toHaveLength(300);
    expect(result.records.filter((record) => record.recovered === true)).toHaveLength(firstChunk);
  });

  it.each([0, 8, 23, 0x7fff_ffff, 0xffff_ffff])('never loops on a record of size %i', (size) => {
    const at = recordAt(file, 5);
    const result = decodeAll(edited(file, (copy) => copy.writeUInt32LE(size, at + 4)));
    expect(codesOf(result)).toContain('EVTX_RECORD_SIZE');
    expect(result.issues.find((issue) => issue.code === 'EVTX_RECORD_SIZE')?.place.offset).toBe(at);
    expect(names(result.records)).toEqual(events.map((event) => event.TargetUserName));
    expect(result.records[4]?.recovered).toBe(true);
  });

  it('skips what cannot be read and says where', () => {
    const at = recordAt(file, 5);
    const result = decodeAll(edited(file, (copy) => copy.fill(0xee, at, recordAt(file, 6))));
    expect(codesOf(result)).toEqual(['EVTX_CHECKSUM', 'EVTX_GAP']);
    expect(result.issues[1]?.place.offset).toBe(at);
    expect(result.records).toHaveLength(299);
  });

  it.each([1, 4095, 4096 + 300, 4096 + 512 + 700, 4096 + 65_535, 4096 + 65_536 + 20])(
    'reads what there is of a file cut at %i',
    (size) => {
      const result = decodeAll(file.subarray(0, size));
      expect(codesOf(result).some((code) => code === 'EVTX_TRUNCATED' || code === 'EVTX_FILE_MAGIC')).toBe(
        true,
      );
      expect(result.records.map((record) => record.fields)).toEqual(events.slice(0, result.records.length));
      if (size > CHUNK_1 + 60_000) expect(result.records.length).toBeGreaterThan(firstChunk - 2);
    },
  );

  it('finds the raster again after bytes were lost', () => {
    const lost = Buffer.concat([file.subarray(0, CHUNK_1 + 30_000), file.subarray(CHUNK_1 + 30_100)]);
    const result = decodeAll(lost);
    expect(result.records.length).toBeGreaterThan(290);
    expect(codesOf(result)).toContain('EVTX_TRUNCATED');
  });

  it('reads chunks in any order', () => {
    const swapped = Buffer.concat([
      file.subarray(0, CHUNK_1),
      file.subarray(CHUNK_2),
      file.subarray(CHUNK_1, CHUNK_2),
    ]);
    expect(decodeAll(swapped).records).toHaveLength(300);
    expect(decodeAll(swapped).issues).toEqual([]);
  });

  it('says so for an empty input and for one that is something else', () => {
    expect(codesOf(decodeAll(Buffer.alloc(0)))).toEqual(['EVTX_EMPTY']);
    expect(codesOf(decodeAll(Buffer.alloc(9000, 0x20)))).toContain('EVTX_FILE_MAGIC');
    expect(decodeAll(Buffer.alloc(9000, 0x20)).records).toEqual([]);
  });
});

describe('hostile templates', () => {
  const file = writeEvtx(sampleEvents(3));
  /** The definition of the first record's template stands right behind its instance. */
  const definition = FIRST_RECORD + 24 + 4 + 10;

  it('reports a template that is out of bounds', () => {
    const result = decodeAll(
      edited(file, (copy) => {
        copy.writeUInt32LE(0xffff_fff0, definition - 4);
        resign(copy);
      }),
    );
    expect(codesOf(result)).toContain('EVTX_RECORD_UNREADABLE');
  });

  it('reports a template longer than its chunk, and one full of nonsense', () => {
    for (const edit of [
      (copy: Buffer): unknown => copy.writeUInt32LE(0x0fff_ffff, definition + 20),
      (copy: Buffer): unknown => copy.fill(0x41, definition + 28, definition + 400),
      (copy: Buffer): unknown => copy.fill(0x0c, definition + 28, definition + 400),
    ]) {
      const result = decodeAll(
        edited(file, (copy) => {
          edit(copy);
          resign(copy);
        }),
      );
      expect(result.issues.length).toBeGreaterThan(0);
    }
  });

  it('does not follow a template that contains itself', () => {
    const result = decodeAll(
      edited(file, (copy) => {
        const body = definition + 24;
        const head = Buffer.from([0x0f, 1, 1, 0, 0x0c, 1]);
        head.copy(copy, body);
        copy.copy(copy, body + 6, definition + 4, definition + 8);
        copy.writeUInt32LE(definition - CHUNK_1, body + 10);
        copy.fill(0, body + 14, body + 30);
        resign(copy);
      }),
    );
    expect(result.issues.length).toBeGreaterThan(0);
  });
});

describe('deleted records', () => {
  it('gives them once, marked, and only when no live record is the same', () => {
    const old = writeEvtx(sampleEvents(20));
    const kept = recordAt(old, 8);
    // The log as if it had been cleared and begun anew: fewer records are live, the rest stands behind the mark.
    const cut = edited(old, (copy) => {
      const chunk = copy.subarray(CHUNK_1);
      chunk.writeUInt32LE(kept - CHUNK_1, CHUNK.freeSpace);
      resign(copy);
    });
    const result = decodeAll(cut);
    expect(codesOf(result)).toEqual([]);
    expect(result.records.filter((record) => record.recovered !== true)).toHaveLength(7);
    expect(names(result.records.filter((record) => record.recovered === true))).toEqual(
      sampleEvents(20)
        .slice(7)
        .map((event) => event.TargetUserName),
    );
    const both = Buffer.concat([cut, old.subarray(CHUNK_1)]);
    expect(decodeAll(both).records).toHaveLength(27);
    expect(decodeAll(both).records.filter((record) => record.recovered === true)).toEqual([]);
  });

  it('takes records behind the mark of a file in use for live ones', () => {
    const old = writeEvtx(sampleEvents(20));
    const dirty = edited(old, (copy) => {
      copy.writeUInt32LE(1, FILE.flags);
      copy.writeUInt32LE(crc32(copy, 0, 120), FILE.checksum);
      copy.writeUInt32LE(recordAt(old, 8) - CHUNK_1, CHUNK_1 + CHUNK.freeSpace);
      resign(copy);
    });
    const result = decodeAll(dirty);
    expect(codesOf(result)).toEqual(['EVTX_DIRTY']);
    expect(result.records).toHaveLength(20);
    expect(result.records.some((record) => record.recovered === true)).toBe(false);
  });
});
