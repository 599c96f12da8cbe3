/** Answers compiled rules from the raw bytes of a walked line; what the bytes do not tell is left unknown. */
import { Buffer } from 'node:buffer';
import type { Span } from '../match/scanner.ts';
import {
  EMPTY_SLOT,
  type Sights,
  type SlotValue,
  type Subject,
  slotValueOf,
  UNKNOWN,
} from '../match/subject.ts';
import { valuesOf } from '../match/values.ts';
import { ABSENT, type Plan } from './plan.ts';
import { type Tokens, TYPE, tokenOf } from './tokens.ts';
import { decodeText } from './unescape.ts';

export interface RawSubject extends Subject {
  take(plan: Plan, line: { readonly tokens: Tokens; readonly span: Span }, serial: number): void;
}

export function createRawSubject(): RawSubject {
  let plan: Plan | undefined;
  let tokens: Tokens | undefined;
  let span: Span | undefined;
  let taken: (SlotValue | null | undefined)[] = [];
  const read = (index: number): SlotValue | undefined => {
    const path = plan?.slotPaths[index] ?? ABSENT;
    if (path === ABSENT || tokens === undefined || span === undefined) return EMPTY_SLOT;
    return path < 0 ? undefined : rawValue(tokens, tokenOf(tokens, path), span);
  };
  const subject = {
    serial: 0,
    sights: new Uint8Array() as Sights,
    take(nextPlan: Plan, line: { readonly tokens: Tokens; readonly span: Span }, serial: number) {
      plan = nextPlan;
      tokens = line.tokens;
      span = line.span;
      taken = [];
      subject.serial = serial;
      subject.sights = nextPlan.tools.selection.sights;
    },
    slot(index: number): SlotValue | undefined {
      const known = taken[index];
      if (known !== undefined) return known ?? undefined;
      const value = read(index);
      taken[index] = value ?? null;
      return value;
    },
    anywhere: () => UNKNOWN,
  } satisfies RawSubject;
  return subject;
}

function rawValue(tokens: Tokens, at: number, { bytes }: Span): SlotValue | undefined {
  const start = tokens.start[at] as number;
  const end = tokens.end[at] as number;
  switch (tokens.type[at]) {
    case TYPE.string: {
      const text = decodeText(bytes, start, end);
      return text === undefined ? undefined : slotValueOf(valuesOf([text]));
    }
    case TYPE.number:
      return isPlainNumber(bytes, start, end)
        ? slotValueOf(valuesOf([Number(latin1(bytes, start, end))]))
        : undefined;
    case TYPE.word:
      return slotValueOf(valuesOf([bytes[start] === 0x74]));
    case TYPE.null:
      return slotValueOf(valuesOf([null]));
    case TYPE.object:
      return slotValueOf(valuesOf([{}]));
    default:
      return undefined;
  }
}

/** Whether the number's text, as JavaScript writes it, is what stands here (`1.0` and long integers are not). */
export function isPlainNumber(bytes: Uint8Array, start: number, end: number): boolean {
  const text = latin1(bytes, start, end);
  return String(Number(text)) === text;
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.prototype.latin1Slice.call(bytes, start, end);
}
