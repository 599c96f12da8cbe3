/**
 * The hunting entry path: does this JSON line, as raw bytes, possibly match a rule? Most lines do not, and are never
 * parsed. A line goes through four steps, and leaves as a candidate as soon as one of them cannot tell:
 *
 *   1. walk: where its quotes are (`match/line-memory.ts`), then its keys and values (`tokens.ts`), no strings made;
 *   2. recognise: its set of keys gives the layout, its deciding values the kind, and both the plan (`shapes.ts`);
 *   3. scan: only values that some rule of this kind looks at are searched for the rules' triggers, and the whole line
 *      for keywords, with literals spelt as JSON spells them (`match/scanner.ts`);
 *   4. run: rules whose trigger was seen are evaluated on the raw values, by the same programs as the live path, with
 *      a third truth value for what bytes cannot tell (`match/program.ts`).
 *
 * Candidates must be parsed, normalised and matched as usual: the filter only says no, and only when sure. Errors of
 * JSON inside strings nobody looks at (a raw control character) are not noticed in lines that are no candidates.
 */
import { Buffer } from 'node:buffer';
import type { EventKind } from '../../model/event.ts';
import type { JsonClassifier, JsonLayout } from '../../model/layout.ts';
import type { CompiledSet } from '../match/compile.ts';
import type { LineMemory } from '../match/line-memory.ts';
import { type Span, spanOf } from '../match/scanner.ts';
import { NO } from '../match/subject.ts';
import type { Candidate } from '../match/view.ts';
import { createKeyPaths } from './key-paths.ts';
import type { Plan } from './plan.ts';
import { createRawSubject, isPlainNumber } from './raw-subject.ts';
import { createShapes } from './shapes.ts';
import { createWalker, type Tokens, TYPE, tokenOf } from './tokens.ts';
import { decodeText, hasEscape, unescapeText } from './unescape.ts';

export interface BytesFilter {
  /**
   * True when the line bytes[start, end) may match a rule, or cannot be told.
   */
  scan(bytes: Uint8Array, start: number, end: number): boolean;
  /**
   * Indices of the rules that the line scanned last may match, each once, none other can; `undefined` when it could
   * not be told. Valid until the next scan.
   */
  suspects(): readonly number[] | undefined;
  /** The kind of the line scanned last; `undefined` when it could not be told (such lines are candidates). */
  kind(): EventKind | undefined;
  /** The layout of that line; `undefined` when the kind is. */
  layout(): JsonLayout | undefined;
  /** The text of a capture in the line scanned last; `undefined` when absent, not a text or number, or not told. */
  capture(index: number): string | undefined;
  /** Every kind told so far, with the own names seen in its lines: for the rules that stayed silent. */
  seen(): ReadonlyMap<EventKind, ReadonlySet<string>>;
}

/**
 * @param captures own names (else dotted paths of keys) whose text `capture` gives without parsing the line
 * @example createBytesFilter(compileRules(rules), classifier, ['@timestamp', 'Computer']).scan(chunk, 0, 512)
 */
export function createBytesFilter(
  set: CompiledSet,
  classifier: JsonClassifier,
  captures: readonly string[] = [],
): BytesFilter {
  const paths = createKeyPaths();
  const memory = set.lineMemory();
  const walker = createWalker(paths, memory);
  const shapes = createShapes({ set, classifier, paths, captures });
  const line: Line = { span: spanOf(Buffer.alloc(0)), tokens: walker.tokens, memory };
  const judge = createJudge(line);
  let plan: Plan | undefined;
  let suspects: readonly number[] | undefined;
  return {
    scan(bytes, start, end) {
      if (bytes !== line.span.bytes) line.span = spanOf(bytes);
      plan = undefined;
      suspects = undefined;
      if (!memory.load(bytes, start, end) || !walker.walk(line.span, start, end)) return true;
      plan = shapes.planOf(line.tokens, line.span);
      if (plan === undefined) return true;
      if (plan.tools.view.candidates.length === 0) return false;
      suspects = judge(plan, start, end);
      return suspects === undefined || suspects.length > 0;
    },
    suspects: () => suspects,
    kind: () => plan?.kind,
    layout: () => plan?.layout,
    capture: (index) => (plan === undefined ? undefined : captureText(line, plan.captures[index] ?? -1)),
    seen: shapes.seen,
  };
}

interface Line {
  span: Span;
  readonly tokens: Tokens;
  readonly memory: LineMemory;
}

function captureText({ tokens, span }: Line, path: number): string | undefined {
  const at = path < 0 ? -1 : tokenOf(tokens, path);
  if (at === -1) return undefined;
  const type = tokens.type[at];
  const start = tokens.start[at] as number;
  const end = tokens.end[at] as number;
  if (type === TYPE.string) return decodeText(span.bytes, start, end);
  if (type === TYPE.number || type === TYPE.word)
    return Buffer.prototype.latin1Slice.call(span.bytes, start, end);
  return undefined;
}

/** The rules that the line may match; `undefined` when it cannot be told. */
type Judge = (plan: Plan, start: number, end: number) => readonly number[] | undefined;

function createJudge(line: Line): Judge {
  const subject = createRawSubject();
  const suspects: number[] = [];
  return (plan, start, end) => {
    if (hidesSlots(plan, line.tokens)) return undefined;
    suspects.length = 0;
    const { view, selection } = plan.tools;
    const { fired, doubtful } = selection;
    const serial = view.nextSerial();
    selection.reset();
    const escaped = line.memory.escapeCount > 0;
    for (const id of plan.unsure) doubtful.push(id);
    for (const watch of plan.watches) {
      if (!look(watch, line, escaped, fired)) doubtful.push(...watch.ids);
    }
    lookAnywhere(plan, line, { start, end, escaped }, fired);
    if (fired.length + doubtful.length + view.always.length === 0) return suspects;
    subject.take(plan, line, serial);
    selection.each((at) => {
      const candidate = view.candidates[at] as Candidate;
      if (candidate.run(subject) !== NO && !suspects.includes(candidate.rule)) suspects.push(candidate.rule);
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
function look(watch: Plan['watches'][number], line: Line, escaped: boolean, fired: number[]): boolean {
  const { tokens, span } = line;
  const at = tokenOf(tokens, watch.path);
  const type = tokens.type[at];
  const start = tokens.start[at] as number;
  const end = tokens.end[at] as number;
  if (type === TYPE.string) {
    if (escaped && hasEscape(line.memory, start, end)) {
      const text = decodeText(span.bytes, start, end);
      if (text === undefined) return false;
      const bytes = Buffer.from(text);
      watch.plain()?.scan(spanOf(bytes), 0, bytes.length, fired);
    } else watch.json.scan(span, start, end, fired);
    return true;
  }
  if (type === TYPE.list) return false;
  if (type === TYPE.number && !isPlainNumber(span.bytes, start, end)) return false;
  const hasText = type === TYPE.number || type === TYPE.word;
  watch.json.scan(span, start, hasText ? end : start, fired);
  return true;
}

interface Whole {
  readonly start: number;
  readonly end: number;
  readonly escaped: boolean;
}

function lookAnywhere({ tools }: Plan, line: Line, { start, end, escaped }: Whole, fired: number[]): void {
  if (tools.anywhere === undefined) return;
  tools.anywhere.scan(line.span, start, end, fired);
  if (!escaped) return;
  const { tokens } = line;
  for (let at = 0; at < tokens.count; at += 1) {
    const from = tokens.start[at] as number;
    const to = tokens.end[at] as number;
    if (!hasEscape(line.memory, from, to)) continue;
    const bytes = Buffer.from(unescapeText(line.span.bytes, from, to));
    tools.view.plain.anywhere()?.scan(spanOf(bytes), 0, bytes.length, fired);
  }
}
