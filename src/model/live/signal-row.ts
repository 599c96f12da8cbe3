/** Signals and dead letters as rows of their tables (JSONCompactEachRow, without the newline). Pure. */
import type { DeadLetter } from './dead-letter.ts';
import { isTime64, quote } from './row-text.ts';
import type { LiveSignal } from './signal.ts';

export const SIGNAL_COLUMNS = [
  'id',
  'at',
  'kind',
  'content_id',
  'content_version',
  'title_en',
  'title_fr',
  'level',
  'surprise_bits',
  'entity_kinds',
  'entity_names',
  'event_nodes',
  'event_seqs',
  'tactics',
  'techniques',
  'deciding_fields',
  'deciding_values',
  'explanation_en',
  'explanation_fr',
  'details',
] as const;

export const DEAD_LETTER_COLUMNS = [
  'id',
  'received',
  'receiver',
  'peer',
  'identity',
  'step',
  'reason_code',
  'reason',
  'bytes',
] as const;

/** One score for each subject and window of a behaviour; `day` as 2026-11-26. */
export const SCORE_COLUMNS = ['behaviour', 'version', 'day', 'subject', 'score', 'bits'] as const;

/** A time no column can hold is written as 1970; the events it rests on have the true one. */
export function writeSignalRow(signal: LiveSignal): string {
  const { entities, events, deciding, explanation, surpriseBits: bits } = signal;
  const cells = [
    quote(signal.id),
    isTime64(signal.atMicros) ? signal.atMicros : 0,
    quote(signal.kind),
    quote(signal.contentId),
    quote(signal.contentVersion),
    quote(signal.title.en),
    quote(signal.title.fr),
    quote(signal.level),
    bits !== undefined && Number.isFinite(bits) ? bits : 'null',
    texts(entities.map(({ kind }) => kind)),
    texts(entities.map(({ name }) => name)),
    `[${events.map(({ node }) => node).join(',')}]`,
    `[${events.map(({ seq }) => seq).join(',')}]`,
    texts(signal.tactics),
    texts(signal.techniques),
    texts(deciding.map(({ field }) => field)),
    texts(deciding.map(({ value }) => value)),
    quote(explanation?.en ?? ''),
    quote(explanation?.fr ?? ''),
    quote(signal.details === undefined ? '' : JSON.stringify(signal.details)),
  ];
  return `[${cells.join(',')}]`;
}

export function writeDeadLetterRow(letter: DeadLetter): string {
  const { sender, reason, bytes } = letter;
  const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  const texts = [sender.receiver, sender.peer, sender.identity ?? '', letter.step, reason.code].map(quote);
  return `[${quote(letter.id)},${letter.receivedAtMillis},${texts.join(',')},${quote(JSON.stringify(reason))},"${base64}"]`;
}

function texts(list: readonly string[]): string {
  return `[${list.map(quote).join(',')}]`;
}
