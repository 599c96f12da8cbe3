/**
 * What BinXml parses into: parts, with slots where a template's values go. A template's parts are parsed once and
 * shared by all its records; nothing here refers to a chunk, except the values of an instance nested in a template.
 */
import type { FieldValue } from '../../model/event.ts';
import type { EventElement } from '../windows-event/element.ts';
import type { Slots } from './slots.ts';

export type Part =
  | { readonly kind: 'text'; readonly value: FieldValue }
  | { readonly kind: 'slot'; readonly index: number }
  | ElementPart
  | { readonly kind: 'instance'; readonly template: Template; readonly slots: Slots };

export interface ElementPart {
  readonly kind: 'element';
  readonly name: string;
  readonly attributes: readonly { readonly name: string; readonly value: readonly Part[] }[];
  readonly content: readonly Part[];
}

/** Where a template's body names something: 4 bytes of offset, then the name itself when it is defined in place. */
export interface NameReference {
  /** From the start of the body. */
  readonly at: number;
  readonly isInline: boolean;
  readonly name: string;
}

export interface Template {
  readonly parts: readonly Part[];
  /** The body as first met, to recognise the same template in other chunks. */
  readonly body: Buffer;
  readonly names: readonly NameReference[];
  /** False when it holds values of its chunk (an instance inside the definition). */
  readonly isPortable: boolean;
  /** The depth limit it was compiled under. */
  readonly maxDepth: number;
  /** What the records of this template look like, by nested template; see `plan.ts`. */
  readonly layouts: Map<Template | undefined, unknown>;
}

export type Tree = EventElement<FieldValue>;
