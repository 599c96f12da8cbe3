/**
 * Draft: a value on its way through a chain of modifiers. A text stays a text until a type modifier (or the end of
 * the chain) makes it a test. No modifier lives here.
 */
import type { Pattern, ValueTest } from '../../model/sigma.ts';
import { parsePattern } from './pattern.ts';

export type Draft =
  | {
      readonly kind: 'text';
      readonly pattern: Pattern;
      /** As written: what `re`, `cidr` and numeric modifiers read. */
      readonly raw: string;
      /** True after a UTF-16 modifier: each character is one byte. */
      readonly isBytes: boolean;
      readonly cased: boolean;
      /** True once a modifier changed it. */
      readonly touched: boolean;
    }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' }
  | { readonly kind: 'test'; readonly test: ValueTest };

export type TextDraft = Extract<Draft, { kind: 'text' }>;

export function textDraft(raw: string): TextDraft {
  return { kind: 'text', pattern: parsePattern(raw), raw, isBytes: false, cased: false, touched: false };
}

/** The draft of a YAML scalar; undefined for lists, maps and what YAML has no plain word for. */
export function toDraft(value: unknown): Draft | undefined {
  if (value === null) return { kind: 'null' };
  if (typeof value === 'string') return textDraft(value);
  if (typeof value === 'number' && Number.isFinite(value)) return { kind: 'number', value };
  if (typeof value === 'boolean') return { kind: 'boolean', value };
  return undefined;
}

/** Numbers and words given to a string modifier are read as text. */
export function asText(draft: Draft): TextDraft | undefined {
  if (draft.kind === 'text') return draft;
  if (draft.kind === 'number' || draft.kind === 'boolean') return textDraft(String(draft.value));
  return undefined;
}

/** What a draft tests when no modifier is left. */
export function finish(draft: Draft): ValueTest {
  switch (draft.kind) {
    case 'test':
      return draft.test;
    case 'null':
      return { op: 'null' };
    case 'number':
      return { op: 'number', value: draft.value };
    case 'boolean':
      return { op: 'boolean', value: draft.value };
    case 'text':
      if (draft.pattern.length === 0) return { op: 'empty' };
      return { op: 'pattern', pattern: draft.pattern, cased: draft.cased };
  }
}
