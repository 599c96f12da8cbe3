/** The mathematics of the journal: what an entry's hash covers. No database. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../lib/canonical-json.ts';
import type { JournalEntry } from '../../model/live/record-store.ts';

/** SHA-256 of the previous hash and of every other column, as canonical JSON. */
export function hashEntry(entry: Omit<JournalEntry, 'hash'>): string {
  const { seq, atMillis, actor, action, subject, detailsJson, previousHash } = entry;
  const body = canonicalJson({ seq, atMillis, actor, action, subject, detailsJson });
  return createHash('sha256').update(`${previousHash}\n${body}`).digest('hex');
}
