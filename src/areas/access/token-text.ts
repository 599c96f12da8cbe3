/**
 * What a token looks like: `vgt_ID_SECRET`. The prefix lets secret scanners recognise one, the id finds its row without
 * touching the secret, the secret is 256 random bits.
 *
 * Only SHA-256 of the secret is stored. A slow password hash (argon2, scrypt) protects guessable secrets: nobody can
 * search 2^256, so here it would only cost time on each request.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const ID_BYTES = 8;
const SECRET_BYTES = 32;
const FORM = /^vgt_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/;

export interface NewToken {
  readonly id: string;
  /** Shown once, never stored. */
  readonly text: string;
  readonly secretSha256: string;
}

export function generateToken(): NewToken {
  const id = randomBytes(ID_BYTES).toString('hex');
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  return { id, text: `vgt_${id}_${secret}`, secretSha256: sha256(secret).toString('hex') };
}

/** Undefined when it is no token at all. */
export function parseToken(text: string): { readonly id: string; readonly secret: string } | undefined {
  const [, id, secret] = FORM.exec(text) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

/** Takes the same time whether the first or the last byte differs. */
export function isSecret(secret: string, expectedSha256: string): boolean {
  return timingSafeEqual(sha256(secret), Buffer.from(expectedSha256, 'hex'));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
