/** The spool on a real disk: order, acknowledgement, keys, limits, batches, and a second process that wants it. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_FRAME_RECORDS } from '../../../model/live/delivery.ts';
import { LockHeld } from '../../../platform/files/lock.ts';
import { deliveryOf, openTestSpool, readAll, temporaryDirectory } from './testing/harness.ts';

let directory = temporaryDirectory();
beforeEach(() => {
  directory = temporaryDirectory();
});
afterEach(() => directory.remove());

const accepted = { kind: 'accepted' };

describe('a spool', () => {
  it('gives back what was delivered at once, in the order it was accepted, after a restart too', async () => {
    const first = await openTestSpool(directory.path);
    const texts = Array.from({ length: 500 }, (_, index) => `record ${index}`);
    const receipts = await Promise.all(texts.map((text) => first.spool.deliver(deliveryOf([text, 'b']))));
    expect(new Set(receipts.map(({ kind }) => kind))).toEqual(new Set(['accepted']));
    const expected = texts.flatMap((text) => [text, 'b']);
    expect(await readAll(first.spool)).toEqual(expected);
    await first.spool.close();
    const second = await openTestSpool(directory.path);
    expect(await readAll(second.spool)).toEqual(expected);
    expect(second.damages).toEqual([]);
    await second.spool.close();
  });

  it('goes on where it was committed and never uses a frame number twice', async () => {
    const first = await openTestSpool(directory.path);
    await first.spool.deliver(deliveryOf(['a']));
    const a = await first.spool.next({ maxBytes: 1 });
    await first.spool.deliver(deliveryOf(['b']));
    const b = await first.spool.next({ maxBytes: 1 });
    await first.spool.commit(a?.lastSeq ?? 0);
    await first.spool.close();
    const second = await openTestSpool(directory.path);
    expect(await readAll(second.spool)).toEqual(['b']);
    await second.spool.deliver(deliveryOf(['c']));
    const c = await second.spool.next({ maxBytes: 1 });
    expect(c?.firstSeq).toBeGreaterThan(b?.lastSeq ?? Number.POSITIVE_INFINITY);
    await second.spool.close();
  });

  it('reads from disk what no longer fits in memory, and again what is asked for again', async () => {
    const { spool } = await openTestSpool(directory.path);
    const large = 'x'.repeat(3 * 1024 * 1024);
    for (let index = 0; index < 14; index++) await spool.deliver(deliveryOf([`${index} ${large}`]));
    const all = await readAll(spool);
    expect(all.map((text) => text.split(' ')[0])).toEqual(
      Array.from({ length: 14 }, (_, index) => `${index}`),
    );
    const again = await spool.again(2, 4);
    expect(again.reduce((sum, chunk) => sum + chunk.records, 0)).toBe(3);
    await spool.commit(spool.stats().lastSeq);
    expect(spool.stats().bytes).toBeLessThan(16 * 1024 * 1024);
    await spool.close();
  });

  it('stores a delivery sent again with its key once, also at the same time and after a restart', async () => {
    const first = await openTestSpool(directory.path);
    const keyed = deliveryOf(['once'], { key: 'k1' });
    const receipts = await Promise.all([first.spool.deliver(keyed), first.spool.deliver(keyed)]);
    expect(receipts).toEqual([accepted, { kind: 'repeated' }]);
    const other = { ...keyed, sender: { receiver: 'test', peer: '192.0.2.2' } };
    expect(await first.spool.deliver(other)).toEqual(accepted);
    expect(await readAll(first.spool)).toEqual(['once', 'once']);
    await first.spool.commit(first.spool.stats().lastSeq);
    await first.spool.close();
    const second = await openTestSpool(directory.path);
    expect(await second.spool.deliver(keyed)).toEqual({ kind: 'repeated' });
    await second.spool.close();
    expect(readdirSync(directory.path).filter((name) => name.endsWith('.keys'))).toHaveLength(1);
  });

  it('refuses as full beyond its limit, and takes again once it is drained', async () => {
    const { spool } = await openTestSpool(directory.path, { maxBytes: 1_000 });
    expect(await spool.deliver(deliveryOf(['x'.repeat(2_000)]))).toEqual(accepted);
    expect(await spool.deliver(deliveryOf(['y']))).toMatchObject({ kind: 'refused', reason: 'full' });
    expect(spool.isFull).toBe(true);
    await spool.close();
    const second = await openTestSpool(directory.path, { maxBytes: 1_000 });
    const room = second.spool.whenRoom();
    await readAll(second.spool);
    await second.spool.commit(second.spool.stats().lastSeq);
    await room;
    expect(await second.spool.deliver(deliveryOf(['y']))).toEqual(accepted);
    await second.spool.close();
  });

  it('refuses as full when the disk would keep less than the reserve', async () => {
    const { spool } = await openTestSpool(directory.path, { reserveBytes: Number.MAX_SAFE_INTEGER });
    expect(await spool.deliver(deliveryOf(['y']))).toMatchObject({ kind: 'refused', reason: 'full' });
    await spool.close();
  });

  it('refuses what is too large and what comes while it stops', async () => {
    const { spool } = await openTestSpool(directory.path);
    const many = { ...deliveryOf(['']), spans: new Uint32Array((MAX_FRAME_RECORDS + 1) * 2) };
    expect(await spool.deliver(many)).toMatchObject({ kind: 'refused', reason: 'too-large' });
    const pending = spool.deliver(deliveryOf(['in time']));
    await spool.stopIntake();
    expect(await pending).toEqual(accepted);
    expect(await spool.deliver(deliveryOf(['late']))).toMatchObject({ kind: 'refused', reason: 'stopping' });
    await spool.close();
  });

  it('remembers the limits of batches that were begun', async () => {
    const first = await openTestSpool(directory.path);
    for (const text of ['a', 'b', 'c']) await first.spool.deliver(deliveryOf([text]));
    await first.spool.beginBatch({ firstSeq: 1, lastSeq: 2 });
    await first.spool.commit(2);
    await first.spool.beginBatch({ firstSeq: 3, lastSeq: 3 });
    await first.spool.close();
    writeFileSync(path.join(directory.path, 'batches.journal'), '0000', { flag: 'a' });
    const second = await openTestSpool(directory.path);
    expect(second.spool.openBatches).toEqual([{ firstSeq: 3, lastSeq: 3 }]);
    expect(await readAll(second.spool)).toEqual(['c']);
    await second.spool.close();
  });

  it('has one writer, and takes over from one that died', async () => {
    const { spool } = await openTestSpool(directory.path);
    await expect(openTestSpool(directory.path)).rejects.toThrow(LockHeld);
    await spool.close();
    expect(existsSync(path.join(directory.path, 'lock'))).toBe(false);
    writeFileSync(path.join(directory.path, 'lock'), `${2 ** 22 + 1} 123\n`);
    const second = await openTestSpool(directory.path);
    await second.spool.close();
  });
});
