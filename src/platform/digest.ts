/** Node's SHA-256, for the ids of what is made by the thousand; engines are given it. */
import { createHash } from 'node:crypto';

/** 64 hexadecimal digits of the UTF-8 bytes of a text, as `lib/sha256.ts` gives them. */
export function digestHex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
