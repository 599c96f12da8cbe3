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
import { type ByteMemory, createByteMemory } from './byte-memory.ts';
import { ABSENT, type Plan } from './plan.ts';
import { type Tokens, TYPE, tokenOf } from './tokens.ts';
import { decodeText } from './unescape.ts';

export interface RawSubject extends Subject {
  take(plan: Plan, line: { readonly tokens: Tokens; readonly span: Span }, serial: number): void;
}

/** Paths whose values are remembered; logs that put data into keys have more. */
const MOST_MEMORIES = 512;

/** By path, each made when first asked for. */
function createMemories(): (path: number) => ByteMemory<SlotValue> | undefined {
  const memories = new Map<number, ByteMemory<SlotValue>>();
  return (path) => {
    const known = memories.get(path);
    if (known !== undefined || memories.size >= MOST_MEMORIES) return known;
    const made = createByteMemory(textValue);
    memories.set(path, made);
    return made;
  };
}

function textValue(bytes: Uint8Array, start: number, end: number): SlotValue | undefined {
  const text = decodeText(bytes, start, end);
  return text === undefined ? undefined : slotValueOf(valuesOf([text]));
}

export function createRawSubject(): RawSubject {
  const memoryOf = createMemories();
  let plan: Plan | undefined;
  let tokens: Tokens | undefined;
  let span: Span | undefined;
  let taken: (SlotValue | null | undefined)[] = [];
  const read = (index: number): SlotValue | undefined => {
    const path = plan?.slotPaths[index] ?? ABSENT;
    if (path === ABSENT || tokens === undefined || span === undefined) return EMPTY_SLOT;
    if (path < 0) return undefined;
    const at = tokenOf(tokens, path);
    if (tokens.type[at] !== TYPE.string) return rawValue(tokens, at, span);
    const memory = memoryOf(path);
    const start = tokens.start[at] as number;
    const end = tokens.end[at] as number;
    return memory === undefined ? textValue(span.bytes, start, end) : memory.get(span, start, end);
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

/** Of anything but a text. */
function rawValue(tokens: Tokens, at: number, { bytes }: Span): SlotValue | undefined {
  const start = tokens.start[at] as number;
  const end = tokens.end[at] as number;
  switch (tokens.type[at]) {
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
  if (isPlainInteger(bytes, start, end)) return true;
  const text = latin1(bytes, start, end);
  return String(Number(text)) === text;
}

/** Strings of a list, and its numbers. */
const STRINGS = /"(?:[^"\\]|\\.)*"/g;
const NUMBERS = /-?\d[\d.eE+-]*/g;

/** Whether the text of some number stands nowhere in the line, as that of `1e3`, which is 1000. */
export function hidesNumbers(tokens: Tokens, { bytes }: Span): boolean {
  for (let at = 0; at < tokens.count; at += 1) {
    const type = tokens.type[at];
    const start = tokens.start[at] as number;
    const end = tokens.end[at] as number;
    if (type === TYPE.number && !isPlainInteger(bytes, start, end)) {
      if (isHidden(latin1(bytes, start, end))) return true;
    } else if (type === TYPE.list) {
      const bare = latin1(bytes, start, end).replace(STRINGS, '');
      if (bare.match(NUMBERS)?.some(isHidden) === true) return true;
    }
  }
  return false;
}

/** What stays of `1.0` is a part of it; long integers stay as they are written. */
function isHidden(number: string): boolean {
  return !number.includes(String(Number(number))) && !/^-?\d+$/.test(number);
}

/** Digits that a number holds exactly, no zero before others. */
const MOST_DIGITS = 15;

function isPlainInteger(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > MOST_DIGITS || (bytes[start] === 0x30 && end - start > 1)) return false;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte < 0x30 || byte > 0x39) return false;
  }
  return end > start;
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.prototype.latin1Slice.call(bytes, start, end);
}
