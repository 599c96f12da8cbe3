/**
 * Counts failed authentications an address and says when to stop looking tokens up for it, so that guessing costs us
 * nothing. Tokens that were good lately still pass: one wrongly set shipper must not shut out its neighbours behind
 * the same address. Bounded in memory; forgets.
 */
import { createHash } from 'node:crypto';
import type { Clock } from '../../platform/clock.ts';

const MAX_ADDRESSES = 10_000;
const MAX_GOOD_TOKENS = 1_000;

interface FailureLimitOptions {
  readonly perWindow: number;
  readonly windowSeconds: number;
}

export interface FailureLimit {
  /** Seconds to wait before this address may try this token; 0: now. */
  waitSeconds(address: string, token: string | undefined): number;
  noteFailure(address: string): void;
  noteSuccess(token: string): void;
}

export function createFailureLimit(clock: Clock, options: FailureLimitOptions): FailureLimit {
  const failures = new Map<string, { count: number; startedAtMillis: number }>();
  const good = new Set<string>();
  const windowMillis = options.windowSeconds * 1_000;

  function current(address: string): { count: number; startedAtMillis: number } | undefined {
    const entry = failures.get(address);
    if (entry && clock.monotonicMillis() - entry.startedAtMillis < windowMillis) return entry;
    failures.delete(address);
    return undefined;
  }
  return {
    waitSeconds: (address, token) => {
      const entry = current(address);
      if (!entry || entry.count < options.perWindow) return 0;
      if (token !== undefined && good.has(digest(token))) return 0;
      return Math.max(1, Math.ceil((entry.startedAtMillis + windowMillis - clock.monotonicMillis()) / 1_000));
    },
    noteFailure: (address) => {
      const entry = current(address);
      if (entry) {
        entry.count += 1;
        return;
      }
      dropOldest(failures, MAX_ADDRESSES);
      failures.set(address, { count: 1, startedAtMillis: clock.monotonicMillis() });
    },
    noteSuccess: (token) => {
      const key = digest(token);
      good.delete(key);
      dropOldest(good, MAX_GOOD_TOKENS);
      good.add(key);
    },
  };
}

function digest(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}

function dropOldest(
  store: { size: number; keys(): IterableIterator<string>; delete(key: string): boolean },
  max: number,
): void {
  if (store.size < max) return;
  const oldest = store.keys().next().value;
  if (oldest !== undefined) store.delete(oldest);
}
