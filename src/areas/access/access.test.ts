/** Tokens on a real SQLite store: what is proved, refused, remembered and journaled. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Actor, isAllowed } from '../../model/access.ts';
import type { RecordStore } from '../../model/live/record-store.ts';
import { openRecordStore } from '../../store/index.ts';
import { type Authenticator, createAuthenticator, createToken, listTokens, revokeToken } from './index.ts';

const ALICE: Actor = { kind: 'os', name: 'alice' };
const folder = mkdtempSync(path.join(tmpdir(), 'vigie-access-'));
let nowMs = 1_800_000_000_000;
const clock = { nowMillis: () => nowMs, monotonicMillis: () => nowMs };
let store: RecordStore;
let authenticator: Authenticator;
let reads = 0;
let isDown = false;
let outages = 0;

beforeAll(async () => {
  store = await openRecordStore({ kind: 'sqlite', file: path.join(folder, 'record.db') }, { clock });
});
beforeEach(() => {
  isDown = false;
  reads = 0;
  const list: RecordStore['tokens']['list'] = () => {
    reads += 1;
    return isDown ? Promise.reject(new Error('down')) : store.tokens.list();
  };
  authenticator = createAuthenticator({
    tokens: { list, touch: store.tokens.touch },
    clock,
    onOutage: () => {
      outages += 1;
    },
  });
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const spec = (name: string) =>
  ({ name, scopes: ['ingest', 'ingest'], identity: 'relay', expiresAtMillis: undefined }) as const;

describe('tokens', () => {
  it('are shown once, proved afterwards, and never stored in clear', async () => {
    const { token, text } = await createToken({ store, clock }, ALICE, spec('one'));
    expect(text).toMatch(/^vgt_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$/);
    const outcome = await authenticator.authenticate(text);
    if (outcome.kind !== 'principal') throw new Error(outcome.reason);
    expect(outcome.principal).toEqual({
      kind: 'token',
      id: token.id,
      name: 'one',
      scopes: ['ingest'],
      identity: 'relay',
    });
    expect(isAllowed(outcome.principal, 'ingest')).toBe(true);
    expect(isAllowed(outcome.principal, 'search')).toBe(false);
    const stored = JSON.stringify([await store.tokens.list(), await store.journal.last(10)]);
    expect(stored).not.toContain(text.split('_').slice(2).join('_'));
    expect((await store.journal.last(1))[0]).toMatchObject({
      action: 'token.created',
      subject: token.id,
      actor: ALICE,
    });
  });

  it('are refused for what is wrong with them', async () => {
    const expires = { ...spec('short'), expiresAtMillis: nowMs + 1000 };
    const { text } = await createToken({ store, clock }, ALICE, expires);
    const reasonOf = async (candidate: string): Promise<string> => {
      const outcome = await authenticator.authenticate(candidate);
      return outcome.kind === 'refused' ? outcome.reason : outcome.kind;
    };
    expect(await reasonOf('')).toBe('malformed');
    expect(await reasonOf(`${text}x`)).toBe('malformed');
    expect(await reasonOf(`${text.slice(0, -1)}${text.endsWith('A') ? 'B' : 'A'}`)).toBe('unknown');
    expect(await reasonOf(`vgt_0000000000000000_${text.slice(21)}`)).toBe('unknown');
    expect(await reasonOf(text)).toBe('principal');
    nowMs += 1000;
    expect(await reasonOf(text)).toBe('expired');
    expect((await listTokens({ store, clock })).find((token) => token.name === 'short')?.state).toBe(
      'expired',
    );
  });

  it('stop working within two seconds of their revocation', async () => {
    const { token, text } = await createToken({ store, clock }, ALICE, spec('gone'));
    expect((await authenticator.authenticate(text)).kind).toBe('principal');
    await revokeToken({ store, clock }, ALICE, 'gone');
    nowMs += 2000;
    expect(await authenticator.authenticate(text)).toEqual({ kind: 'refused', reason: 'revoked' });
    await expect(revokeToken({ store, clock }, ALICE, token.id)).rejects.toMatchObject({
      issue: { code: 'ACCESS_TOKEN_UNKNOWN' },
    });
    expect((await store.journal.last(1))[0]?.action).toBe('token.revoked');
  });

  it('have names of their own while they work', async () => {
    await createToken({ store, clock }, ALICE, spec('unique'));
    await expect(createToken({ store, clock }, ALICE, spec('unique'))).rejects.toMatchObject({
      issue: { code: 'ACCESS_TOKEN_NAME_TAKEN' },
    });
    await revokeToken({ store, clock }, ALICE, 'unique');
    await createToken({ store, clock }, ALICE, spec('unique'));
  });

  it('cost one read of the store for many requests, also with made-up ids', async () => {
    const { text } = await createToken({ store, clock }, ALICE, spec('busy'));
    const madeUp = Array.from(
      { length: 50 },
      (_, index) => `vgt_${String(index).padStart(16, '0')}_${text.slice(21)}`,
    );
    await Promise.all([...madeUp, text, text].map((candidate) => authenticator.authenticate(candidate)));
    expect(reads).toBe(1);
  });

  it('write down when they were last used, once a minute, also of one used once and never again', async () => {
    const { token, text } = await createToken({ store, clock }, ALICE, spec('used'));
    const touched: [string, number][] = [];
    let isDown = false;
    const touch = async (
      used: readonly { readonly id: string; readonly atMillis: number }[],
    ): Promise<void> => {
      if (isDown) throw new Error('down');
      touched.push(...used.map(({ id, atMillis }): [string, number] => [id, atMillis]));
    };
    vi.useFakeTimers();
    try {
      const single = createAuthenticator({ tokens: { list: () => store.tokens.list(), touch }, clock });
      await single.authenticate(text);
      nowMs += 30_000;
      await single.authenticate(text);
      await vi.advanceTimersByTimeAsync(59_000);
      expect(touched).toEqual([]);
      await vi.advanceTimersByTimeAsync(120_000);
      expect(touched).toEqual([[token.id, nowMs]]);
      // What could not be written down is not forgotten.
      isDown = true;
      await single.authenticate(text);
      await vi.advanceTimersByTimeAsync(60_000);
      isDown = false;
      await vi.advanceTimersByTimeAsync(60_000);
      expect(touched).toHaveLength(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it('do not keep a sender waiting while the store is busy', async () => {
    const { text } = await createToken({ store, clock }, ALICE, spec('waiting'));
    let isBusy = false;
    const never = new Promise<never>(() => {});
    const patient = createAuthenticator({
      tokens: { list: () => (isBusy ? never : store.tokens.list()), touch: () => never },
      clock,
    });
    await patient.authenticate(text);
    nowMs += 60_000;
    expect((await patient.authenticate(text)).kind).toBe('principal');
    isBusy = true;
    nowMs += 2000;
    expect((await patient.authenticate(text)).kind).toBe('principal');
  });

  it('keep working for a while when the store cannot be asked, then are unavailable', async () => {
    const { text } = await createToken({ store, clock }, ALICE, spec('outage'));
    await authenticator.authenticate(text);
    isDown = true;
    nowMs += 5000;
    expect((await authenticator.authenticate(text)).kind).toBe('principal');
    expect(outages).toBe(1);
    nowMs += 10 * 60_000;
    expect(await authenticator.authenticate(text)).toEqual({ kind: 'refused', reason: 'unavailable' });
    isDown = false;
    nowMs += 2000;
    expect((await authenticator.authenticate(text)).kind).toBe('principal');
  });
});
