/**
 * `expand`: `%name%` in a value becomes the values given for that name, each an alternative; several placeholders in
 * one value give every combination. `\%` is a plain percent sign. Values given may hold wildcards, as Sigma strings.
 */
import type { Draft, TextDraft } from './draft.ts';
import { textDraft } from './draft.ts';
import { because, type Params } from './report.ts';

export type Placeholders = Readonly<Record<string, readonly (string | number)[]>>;

const PLACEHOLDER = /(?<!\\)%([\p{L}\p{N}_][\p{L}\p{N}_.-]*)%/gu;
const MOST_COMBINATIONS = 100_000;

export function expandPlaceholders(
  draft: TextDraft,
  placeholders: Placeholders,
): readonly Draft[] | { problem: Params } {
  let texts = [''];
  let from = 0;
  for (const found of draft.raw.matchAll(PLACEHOLDER)) {
    const name = found[1] ?? '';
    if (!Object.hasOwn(placeholders, name)) return { problem: { placeholder: name } };
    const values = placeholders[name] ?? [];
    if (values.length === 0) return { problem: { placeholder: name } };
    if (texts.length * values.length > MOST_COMBINATIONS) return { problem: TOO_MANY };
    const before = plainPercent(draft.raw.slice(from, found.index));
    texts = texts.flatMap((head) => values.map((value) => head + before + String(value)));
    from = found.index + found[0].length;
  }
  const rest = plainPercent(draft.raw.slice(from));
  return texts.map((text) => ({ ...textDraft(text + rest), cased: draft.cased }));
}

const TOO_MANY = because(
  `more than ${MOST_COMBINATIONS} combinations of placeholders`,
  `plus de ${MOST_COMBINATIONS} combinaisons de paramètres`,
);

function plainPercent(text: string): string {
  return text.replaceAll('\\%', '%');
}

/** Names of the placeholders in a value. */
export function placeholderNames(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)].map((found) => found[1] ?? '');
}
