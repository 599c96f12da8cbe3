/** Creating, listing and revoking API tokens; each change is journaled. */
import type { Actor, Scope } from '../../model/access.ts';
import { RecordError, type RecordStore, type TokenRow } from '../../model/live/record-store.ts';
import type { Clock } from '../../platform/clock.ts';
import { generateToken } from './token-text.ts';

/** Tokens that work at once: the whole table is read each two seconds. */
const MAX_LIVE_TOKENS = 1000;

export interface TokenSpec {
  /** Free text for people, unique among the tokens that work. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Sender's name for tokens that send events. */
  readonly identity: string | undefined;
  readonly expiresAtMillis: number | undefined;
}

/** A token as people see it: without its hash. */
export interface TokenView extends Omit<TokenRow, 'secretSha256'> {
  readonly state: 'active' | 'expired' | 'revoked';
}

export interface TokenDeps {
  readonly store: RecordStore;
  readonly clock: Clock;
}

/**
 * The text is in the answer and nowhere else.
 * @throws RecordError when the name is taken or there are too many
 */
export async function createToken(
  deps: TokenDeps,
  actor: Actor,
  spec: TokenSpec,
): Promise<{ readonly token: TokenView; readonly text: string }> {
  const { id, text, secretSha256 } = generateToken();
  const now = deps.clock.nowMillis();
  const row: TokenRow = {
    ...spec,
    id,
    secretSha256,
    scopes: [...new Set(spec.scopes)],
    createdAtMillis: now,
    createdBy: actor.name,
    lastUsedAtMillis: undefined,
    revokedAtMillis: undefined,
  };
  await deps.store.change(actor, async (tx) => {
    const live = (await tx.tokens.list()).filter((token) => toView(token, now).state === 'active');
    if (live.some((token) => token.name === spec.name)) {
      throw new RecordError({ code: 'ACCESS_TOKEN_NAME_TAKEN', place: {}, params: { name: spec.name } });
    }
    if (live.length >= MAX_LIVE_TOKENS) {
      const params = { what: 'tokens', limit: MAX_LIVE_TOKENS };
      throw new RecordError({ code: 'RECORD_FULL', place: {}, params });
    }
    await tx.tokens.add(row);
    const { name, scopes, identity, expiresAtMillis } = row;
    const details = { name, scopes, identity, expiresAtMillis };
    return { value: undefined, notes: [{ action: 'token.created', subject: id, details }] };
  });
  return { token: toView(row, now), text };
}

export async function listTokens(deps: TokenDeps): Promise<TokenView[]> {
  const now = deps.clock.nowMillis();
  return (await deps.store.tokens.list()).map((row) => toView(row, now));
}

/**
 * By id, or by name when one token that works has it.
 * @throws RecordError when there is none
 */
export async function revokeToken(deps: TokenDeps, actor: Actor, idOrName: string): Promise<TokenView> {
  const now = deps.clock.nowMillis();
  return deps.store.change(actor, async (tx) => {
    const rows = await tx.tokens.list();
    const named = (row: TokenRow): boolean => row.name === idOrName && row.revokedAtMillis === undefined;
    const row = rows.find((token) => token.id === idOrName) ?? rows.find(named);
    if (row === undefined || !(await tx.tokens.revoke(row.id))) {
      throw new RecordError({ code: 'ACCESS_TOKEN_UNKNOWN', place: {}, params: { name: idOrName } });
    }
    const notes = [{ action: 'token.revoked', subject: row.id, details: { name: row.name } }];
    return { value: toView({ ...row, revokedAtMillis: now }, now), notes };
  });
}

function toView(row: TokenRow, nowMillis: number): TokenView {
  const { secretSha256: _hash, ...rest } = row;
  return { ...rest, state: stateOf(row, nowMillis) };
}

function stateOf(row: TokenRow, nowMillis: number): TokenView['state'] {
  if (row.revokedAtMillis !== undefined) return 'revoked';
  return row.expiresAtMillis !== undefined && row.expiresAtMillis <= nowMillis ? 'expired' : 'active';
}
