/**
 * The hunting entry path: does this JSON line, as raw bytes, possibly match a rule? Most lines do not, and are never
 * parsed. A line goes through four steps, and leaves as a candidate as soon as one of them cannot tell:
 *
 *   1. walk: where its quotes are (`match/line-memory.ts`), then its keys and values (`tokens.ts`), no strings made;
 *   2. recognise: its set of keys gives the layout, its deciding values the kind, and both the plan (`shapes.ts`);
 *   3. scan: only values that some rule of this kind looks at are searched for the rules' triggers, and the whole line
 *      for keywords, with literals spelt as JSON spells them, lines spelt otherwise respelt first (`match/scanner.ts`);
 *   4. run: rules whose trigger was seen are evaluated on the raw values, by the same programs as the live path, with
 *      a third truth value for what bytes cannot tell (`match/program.ts`).
 *
 * Candidates must be parsed, normalised and matched as usual: the filter only says no, and only when sure. Lines that
 * are not UTF-8 or have a raw control character in a string are candidates; other errors of JSON (an escape that is none
 * in a string nobody looks at, a comma too many in a list) are not noticed.
 */
import { Buffer, isUtf8 } from 'node:buffer';
import type { EventKind } from '../../model/event.ts';
import type { JsonClassifier, JsonLayout } from '../../model/layout.ts';
import type { CompiledSet } from '../match/compile.ts';
import type { IdSink } from '../match/ids.ts';
import type { LineMemory } from '../match/line-memory.ts';
import type { Suspects } from '../match/matcher.ts';
import { type Scanner, type Span, spanOf } from '../match/scanner.ts';
import { NO, YES } from '../match/subject.ts';
import type { Candidate } from '../match/view.ts';
import { type ByteMemory, createByteMemory } from './byte-memory.ts';
import { createKeyPaths } from './key-paths.ts';
import { type Plan, UNSURE } from './plan.ts';
import { createRawSubject, hidesNumbers, isPlainNumber } from './raw-subject.ts';
import { createRespeller, type Respeller } from './respell.ts';
import { createShapes } from './shapes.ts';
import { createWalker, type Tokens, TYPE, tokenOf } from './tokens.ts';
import { decodeText, readNumber } from './unescape.ts';

export interface BytesFilter {
  /**
   * True when the line bytes[start, end) may match a rule, or cannot be told.
   */
  scan(bytes: Uint8Array, start: number, end: number): boolean;
  /** What the line scanned last may match; `undefined` when it could not be told. Valid until the next scan. */
  suspects(): Suspects | undefined;
  /** The kind of the line scanned last; `undefined` when it could not be told (such lines are candidates). */
  kind(): EventKind | undefined;
  /** The layout of that line; `undefined` when the kind is. */
  layout(): JsonLayout | undefined;
  /** The value of a capture in the line scanned last, as the parser would give it; `undefined` when absent. */
  capture(index: number): Captured;
  /** The value of a capture that is nothing but at most 15 digits; `undefined` otherwise. */
  integer(index: number): number | undefined;
  /** Every kind told so far, with the own names seen in its lines: for the rules that stayed silent. */
  seen(): ReadonlyMap<EventKind, ReadonlySet<string>>;
}

/** A value that must be parsed to be known: a list, an object, a text that is no JSON, one of a name carried twice. */
export const UNTOLD = Symbol('untold');
export type Captured = string | number | boolean | null | undefined | typeof UNTOLD;

const NOTHING = spanOf(Buffer.alloc(0));

/**
 * @param captures own names whose value `capture` gives without parsing the line
 * @param outside paths from the top of the line, their keys joined by dots, that come after those
 * @example createBytesFilter(compileRules(rules), classifier, ['@timestamp', 'Computer']).scan(chunk, 0, 512)
 */
export function createBytesFilter(
  set: CompiledSet,
  classifier: JsonClassifier,
  captures: readonly string[] = [],
  outside: readonly string[] = [],
): BytesFilter {
  const paths = createKeyPaths();
  const memory = set.lineMemory();
  const walker = createWalker(paths, memory);
  const shapes = createShapes({ set, classifier, paths, captures, outside });
  const nothing = { raw: NOTHING, rawStart: 0, rawEnd: 0, span: NOTHING, start: 0, end: 0 };
  const line: Line = { ...nothing, tokens: walker.tokens, memory, respeller: createRespeller(memory) };
  const judge = createJudge(line);
  let plan: Plan | undefined;
  let suspects: Suspects | undefined;
  const memories = [...captures, ...outside].map(() => createByteMemory(decodeText));
  return {
    scan(bytes, start, end) {
      plan = undefined;
      suspects = undefined;
      if (!loadLine(line, bytes, start, end)) return true;
      if (!walker.walk(line.span, line.start, line.end)) return true;
      plan = shapes.planOf(line.tokens, line.span);
      if (plan === undefined) return true;
      if (plan.tools.view.candidates.length === 0) return false;
      suspects = judge(plan);
      return suspects === undefined || suspects.sure.length + suspects.open.length > 0;
    },
    suspects: () => suspects,
    kind: () => plan?.kind,
    layout: () => plan?.layout,
    capture(index) {
      const memory = memories[index];
      return plan === undefined || memory === undefined
        ? undefined
        : captureValue(line, plan.captures[index] as number, memory);
    },
    integer: (index) => (plan === undefined ? undefined : captureInteger(line, plan.captures[index] ?? -1)),
    seen: shapes.seen,
  };
}

/** The line being looked at: as it came, and as it is read, which differs when it had to be respelt. */
interface Line {
  raw: Span;
  rawStart: number;
  rawEnd: number;
  span: Span;
  start: number;
  end: number;
  readonly tokens: Tokens;
  readonly memory: LineMemory;
  readonly respeller: Respeller;
}

/** Loads bytes[start, end) into the memory, respelt where needed; false when it cannot be read. */
function loadLine(line: Line, bytes: Uint8Array, start: number, end: number): boolean {
  const { memory, respeller } = line;
  if (bytes !== line.raw.bytes) line.raw = spanOf(bytes);
  line.rawStart = start;
  line.rawEnd = end;
  line.span = line.raw;
  line.start = start;
  line.end = end;
  if (!memory.load(bytes, start, end) || !isSound(memory, bytes, end)) return false;
  if (memory.escapeCount === 0) return true;
  line.span = respeller.span;
  line.start = 0;
  line.end = respeller.respell(bytes, start, end);
  return line.end !== -1 && memory.load(line.span.bytes, 0, line.end);
}

/** Whether the line just loaded is UTF-8 (else it is read as Windows-1252) without raw control characters in strings. */
function isSound(memory: LineMemory, bytes: Uint8Array, end: number): boolean {
  if (!memory.isAscii && !isUtf8(bytes.subarray(memory.start, end))) return false;
  if (!memory.hasControls) return true;
  const { quotes, quoteCount } = memory;
  for (let index = 0; index + 1 < quoteCount; index += 2) {
    const close = quotes[index + 1] as number;
    for (let at = quotes[index] as number; at < close; at += 1)
      if ((bytes[at] as number) < 0x20) return false;
  }
  return true;
}

function captureValue(line: Line, path: number, memory: ByteMemory<string>): Captured {
  const { tokens, span } = line;
  if (path === UNSURE) return UNTOLD;
  const at = path < 0 ? -1 : tokenOf(tokens, path);
  if (at === -1) return undefined;
  const start = tokens.start[at] as number;
  const end = tokens.end[at] as number;
  switch (tokens.type[at]) {
    case TYPE.string:
      return memory.get(span, start, end) ?? UNTOLD;
    case TYPE.number:
      return captureInteger(line, path) ?? readNumber(span.bytes, start, end);
    case TYPE.word:
      return span.bytes[start] === 0x74;
    case TYPE.null:
      return null;
    default:
      return UNTOLD;
  }
}

/** Digits that a number holds exactly. */
const MOST_DIGITS = 15;

function captureInteger({ tokens, span }: Line, path: number): number | undefined {
  const at = path < 0 ? -1 : tokenOf(tokens, path);
  const type = at === -1 ? TYPE.null : tokens.type[at];
  if (type !== TYPE.string && type !== TYPE.number) return undefined;
  const start = tokens.start[at] as number;
  const end = tokens.end[at] as number;
  if (end === start || end - start > MOST_DIGITS) return undefined;
  let value = 0;
  for (let place = start; place < end; place += 1) {
    const digit = (span.bytes[place] as number) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value;
}

/** The rules that the line may match; `undefined` when it cannot be told. */
type Judge = (plan: Plan) => Suspects | undefined;

function createJudge(line: Line): Judge {
  const subject = createRawSubject();
  const suspects = { sure: [] as number[], open: [] as number[] };
  return (plan) => {
    if (hidesSlots(plan, line.tokens)) return undefined;
    suspects.sure.length = 0;
    suspects.open.length = 0;
    const { view, selection } = plan.tools;
    const { fired, doubtful } = selection;
    const serial = view.nextSerial();
    selection.reset();
    for (const id of plan.unsure) doubtful.push(id);
    for (const watch of plan.watches) {
      if (!look(watch, line, fired)) for (const id of watch.ids) doubtful.push(id);
    }
    if (plan.tools.anywhere !== undefined) {
      lookAnywhere(plan.tools.anywhere, line, fired);
      if (hidesNumbers(line.tokens, line.span)) for (const id of plan.tools.keywords) doubtful.push(id);
    }
    if (fired.size + doubtful.size + view.always.length === 0) return suspects;
    subject.take(plan, line, serial);
    selection.each((at) => {
      const { rule, run } = view.candidates[at] as Candidate;
      const truth = run(subject);
      if (truth === NO) return;
      const list = truth === YES ? suspects.sure : suspects.open;
      if (!list.includes(rule)) list.push(rule);
    });
    return suspects;
  };
}

/** A list where a slot's name goes on: its elements may hold the slot. */
function hidesSlots(plan: Plan, tokens: Tokens): boolean {
  for (const path of plan.stems) {
    const at = tokenOf(tokens, path);
    if (at !== -1 && tokens.type[at] === TYPE.list) return true;
  }
  return false;
}

/** Scans one watched value; false when the bytes do not say what its text is. */
function look(watch: Plan['watches'][number], { tokens, span }: Line, fired: IdSink): boolean {
  const at = tokenOf(tokens, watch.path);
  const type = tokens.type[at];
  const start = tokens.start[at] as number;
  const end = tokens.end[at] as number;
  if (type === TYPE.list) return false;
  if (type === TYPE.number && !isPlainNumber(span.bytes, start, end)) return false;
  const hasText = type === TYPE.string || type === TYPE.number || type === TYPE.word;
  watch.json.scan(span, start, hasText ? end : start, fired);
  return true;
}

/** Keywords may stand in the text of a value, or in that of the line as it came. */
function lookAnywhere(anywhere: Scanner, line: Line, fired: IdSink): void {
  anywhere.scan(line.span, line.start, line.end, fired);
  if (line.span === line.raw) return;
  line.memory.load(line.raw.bytes, line.rawStart, line.rawEnd);
  anywhere.scan(line.raw, line.rawStart, line.rawEnd, fired);
}
