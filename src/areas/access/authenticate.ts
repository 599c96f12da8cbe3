/**
 * Proves tokens without a database read per request: the whole token table (it is short) is remembered for two seconds.
 * Hence a revocation takes effect within two seconds on every node (later only while the store is busy), and made-up ids cost no database read either. When
 * the record store cannot be asked, what was last known holds for ten minutes, so that logs keep arriving; then every
 * token is refused as `unavailable`.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Authentication, RefusalReason } from '../../model/access.ts';
import type { RecordStore, TokenRow } from '../../model/live/record-store.ts';
import type { Clock } from '../../platform/clock.ts';
import { isSecret, parseToken } from './token-text.ts';

/** State this in the manual: it is how long a revoked token may still work. */
const REMEMBER_MS = 2000;
/** Longest wait of a request for a new answer, once there is an old one. */
const WAIT_MS = 500;
const OUTAGE_MS = 10 * 60_000;
const USES_EVERY_MS = 60_000;

export interface AuthenticateDeps {
  readonly tokens: Pick<RecordStore['tokens'], 'list' | 'touch'>;
  readonly clock: Clock;
  /** Told when the record store could not be asked, at most once each two seconds. */
  readonly onOutage?: (error: unknown) => void;
}

export interface Authenticator {
  authenticate(tokenText: string): Promise<Authentication>;
  /** The next call asks the record store: after a change made by this process. */
  forget(): void;
  /** Writes down when tokens were last used; called by itself once a minute, and to be called before closing. */
  flush(): Promise<void>;
}

export function createAuthenticator({ tokens, clock, onOutage }: AuthenticateDeps): Authenticator {
  let known: ReadonlyMap<string, TokenRow> | undefined;
  let knownAtMs = Number.NEGATIVE_INFINITY;
  let askedAtMs = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;
  let flushing: NodeJS.Timeout | undefined;
  const uses = new Map<string, number>();

  /** A token may be used once and never again: what it was last used for is not left to the next request. */
  function noteUse(id: string): void {
    uses.set(id, clock.nowMillis());
    flushLater();
  }

  /** Beside the requests: a long import may hold the write lock, and nobody waits for this. What failed is tried again. */
  function flushLater(): void {
    flushing ??= setTimeout(() => {
      flush().catch((error: unknown) => {
        onOutage?.(error);
        flushLater();
      });
    }, USES_EVERY_MS).unref();
  }

  async function ask(): Promise<void> {
    const startedAtMs = clock.monotonicMillis();
    try {
      known = new Map((await tokens.list()).map((token) => [token.id, token]));
      knownAtMs = startedAtMs;
    } catch (error) {
      onOutage?.(error);
    }
    askedAtMs = startedAtMs;
  }

  /** One question at a time, whatever the number of requests waiting for it. */
  async function current(): Promise<ReadonlyMap<string, TokenRow> | undefined> {
    if (clock.monotonicMillis() - askedAtMs >= REMEMBER_MS) {
      asking ??= ask().finally(() => {
        asking = undefined;
      });
      // The store may be busy with a long change; what was known a moment ago is better than a sender kept waiting.
      await (known === undefined
        ? asking
        : Promise.race([asking, sleep(WAIT_MS, undefined, { ref: false })]));
    }
    return clock.monotonicMillis() - knownAtMs < OUTAGE_MS ? known : undefined;
  }

  async function flush(): Promise<void> {
    clearTimeout(flushing);
    flushing = undefined;
    const written = [...uses].map(([id, atMillis]) => ({ id, atMillis }));
    if (written.length === 0) return;
    await tokens.touch(written);
    for (const { id, atMillis } of written) if (uses.get(id) === atMillis) uses.delete(id);
  }

  return {
    authenticate: async (tokenText) => {
      const parsed = parseToken(tokenText);
      if (parsed === undefined) return refused('malformed');
      const rows = await current();
      if (rows === undefined) return refused('unavailable');
      const row = rows.get(parsed.id);
      if (row === undefined || !isSecret(parsed.secret, row.secretSha256)) return refused('unknown');
      const outcome = judge(row, clock.nowMillis());
      if (outcome.kind === 'principal') noteUse(row.id);
      return outcome;
    },
    forget: () => {
      askedAtMs = Number.NEGATIVE_INFINITY;
    },
    flush,
  };
}

/** Revocation and expiry are told only to who knows the secret. */
function judge(row: TokenRow, nowMillis: number): Authentication {
  if (row.revokedAtMillis !== undefined) return refused('revoked');
  if (row.expiresAtMillis !== undefined && row.expiresAtMillis <= nowMillis) return refused('expired');
  const { id, name, scopes, identity } = row;
  return { kind: 'principal', principal: { kind: 'token', id, name, scopes, identity } };
}

function refused(reason: RefusalReason): Authentication {
  return { kind: 'refused', reason };
}
