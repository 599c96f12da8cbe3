/**
 * Crashes and bad disks: whatever byte a segment is cut at or changed in, every frame outside the damaged bytes comes
 * out once and unchanged, in order, and the damaged bytes are told.
 */
import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeDelivery } from './format.ts';
import { walkFrames } from './scan.ts';
import { openSegments } from './segments.ts';
import { deliveryOf, openTestSpool, readAll, temporaryDirectory } from './testing/harness.ts';

const texts = fc.array(fc.string({ maxLength: 200 }), { minLength: 1, maxLength: 20 });
const deliveries = fc.array(texts, { minLength: 1, maxLength: 12 });

/** Writes each delivery in a frame of its own; gives the segment file and where each frame ends in it. */
async function write(directory: string, all: readonly string[][]): Promise<{ file: string; ends: number[] }> {
  const { spool } = await openTestSpool(directory);
  const ends: number[] = [];
  let end = 0;
  const written = all.map((each) => {
    const delivery = deliveryOf(each);
    end += encodeDelivery(delivery)?.frameBytes ?? 0;
    ends.push(end);
    return spool.deliver(delivery);
  });
  await Promise.all(written);
  await spool.close();
  const name = readdirSync(directory).find((file) => file.endsWith('.seg')) ?? '';
  return { file: path.join(directory, name), ends };
}

describe('after a crash', () => {
  it('keeps every frame before the byte the segment was cut at', async () => {
    await fc.assert(
      fc.asyncProperty(deliveries, fc.nat(), async (all, at) => {
        const directory = temporaryDirectory();
        try {
          const { file, ends } = await write(directory.path, all);
          const size = ends.at(-1) ?? 0;
          const cut = at % (size + 1);
          truncateSync(file, cut);
          const { spool, damages } = await openTestSpool(directory.path);
          const whole = ends.filter((end) => end <= cut).length;
          expect(await readAll(spool)).toEqual(all.slice(0, whole).flat());
          const lastEnd = ends[whole - 1] ?? 0;
          expect(damages.map(({ fromByte, toByte }) => [fromByte, toByte])).toEqual(
            cut === lastEnd ? [] : [[lastEnd, cut]],
          );
          expect((await spool.deliver(deliveryOf(['after']))).kind).toBe('accepted');
          expect(await readAll(spool)).toEqual(['after']);
          await spool.close();
        } finally {
          directory.remove();
        }
      }),
      { numRuns: 25, endOnFailure: true },
    );
  });

  it('loses no frame but those whose bytes were changed, and reads on behind them', async () => {
    const flips = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(deliveries, flips, async (all, changes) => {
        const directory = temporaryDirectory();
        try {
          const { file, ends } = await write(directory.path, all);
          const bytes = readFileSync(file);
          const before = Buffer.from(bytes);
          for (const [at, mask] of changes) {
            const place = at % bytes.length;
            bytes[place] = (bytes[place] ?? 0) ^ mask;
          }
          writeFileSync(file, bytes);
          const isIntact = (index: number): boolean => {
            const from = ends[index - 1] ?? 0;
            return bytes.subarray(from, ends[index]).equals(before.subarray(from, ends[index]));
          };
          const { spool, damages } = await openTestSpool(directory.path);
          expect(await readAll(spool)).toEqual(all.filter((_, index) => isIntact(index)).flat());
          const told = damages.reduce((sum, { fromByte, toByte }) => sum + toByte - fromByte, 0);
          const changed = ends.reduce(
            (sum, end, index) => sum + (isIntact(index) ? 0 : end - (ends[index - 1] ?? 0)),
            0,
          );
          expect(told).toBe(changed);
          expect(spool.stats().damagedBytes).toBe(changed);
          await spool.commit(spool.stats().lastSeq);
          await spool.close();
          if (changed > 0) expect(readdirSync(path.join(directory.path, 'damaged'))).not.toEqual([]);
        } finally {
          directory.remove();
        }
      }),
      { numRuns: 25, endOnFailure: true },
    );
  });

  it('is not fooled by a frame inside a record', async () => {
    const directory = temporaryDirectory();
    try {
      const { file } = await write(directory.path, [['inner']]);
      const forged = readFileSync(file).toString('latin1');
      const second = temporaryDirectory();
      const outer = await write(second.path, [['a'], ['b']]);
      const { spool } = await openTestSpool(second.path);
      await spool.deliver({
        ...deliveryOf(['']),
        bytes: Buffer.from(forged, 'latin1'),
        spans: Uint32Array.of(0, 1),
      });
      await spool.close();
      const [segment] = openSegments(second.path).all;
      expect(segment?.file).toBe(outer.file);
      const places: number[] = [];
      const buffer = Buffer.concat([Buffer.from(forged, 'latin1'), readFileSync(outer.file)]);
      if (segment === undefined) throw new Error('no segment');
      const walk = walkFrames(buffer, segment, () => {});
      for (let place = walk.next(); place !== undefined; place = walk.next()) places.push(place.at);
      expect(places[0]).toBe(forged.length);
      second.remove();
    } finally {
      directory.remove();
    }
  });
});
