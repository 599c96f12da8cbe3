/** Rows of API tokens. Knows only the hash of a secret; proving one is the area `access`. */
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { SCOPES } from '../../model/access.ts';
import type { RecordReads, RecordStore, RecordWrites, TokenRow } from '../../model/live/record-store.ts';
import { jsonText, optionalNumber, optionalText, parseRows } from './rows.ts';
import type { Tables } from './tables.ts';

type Db = Kysely<Tables>;

const Token = z
  .object({
    id: z.string(),
    name: z.string(),
    secret_sha256: z.string().regex(/^[0-9a-f]{64}$/),
    scopes_json: jsonText(z.array(z.enum(SCOPES))),
    identity: optionalText,
    created_at: z.number(),
    created_by: z.string(),
    expires_at: optionalNumber,
    last_used_at: optionalNumber,
    revoked_at: optionalNumber,
  })
  .transform(
    (row): TokenRow => ({
      id: row.id,
      name: row.name,
      secretSha256: row.secret_sha256,
      scopes: row.scopes_json,
      identity: row.identity,
      createdAtMillis: row.created_at,
      createdBy: row.created_by,
      expiresAtMillis: row.expires_at,
      lastUsedAtMillis: row.last_used_at,
      revokedAtMillis: row.revoked_at,
    }),
  );

export function readTokens(db: Db): RecordReads['tokens'] {
  return {
    list: async () =>
      parseRows(
        'api_tokens',
        Token,
        await db.selectFrom('api_tokens').selectAll().orderBy('created_at').orderBy('id').execute(),
      ),
  };
}

export function touchTokens(db: Db): Pick<RecordStore['tokens'], 'touch'> {
  return {
    touch: async (uses) => {
      for (const { id, atMillis } of uses) {
        await db.updateTable('api_tokens').set({ last_used_at: atMillis }).where('id', '=', id).execute();
      }
    },
  };
}

export function writeTokens(tx: Db, nowMillis: number): RecordWrites['tokens'] {
  return {
    ...readTokens(tx),
    add: async (token) => {
      await tx.insertInto('api_tokens').values(toColumns(token)).execute();
    },
    revoke: async (id) => {
      const result = await tx
        .updateTable('api_tokens')
        .set({ revoked_at: nowMillis })
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
  };
}

function toColumns(token: TokenRow): Tables['api_tokens'] {
  return {
    id: token.id,
    name: token.name,
    secret_sha256: token.secretSha256,
    scopes_json: JSON.stringify(token.scopes),
    identity: token.identity ?? null,
    created_at: token.createdAtMillis,
    created_by: token.createdBy,
    expires_at: token.expiresAtMillis ?? null,
    last_used_at: token.lastUsedAtMillis ?? null,
    revoked_at: token.revokedAtMillis ?? null,
  };
}
