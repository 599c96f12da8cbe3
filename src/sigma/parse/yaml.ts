/**
 * Reads the YAML of a rule file into plain values, document by document, within limits, and finds the line of any
 * value again. Knows nothing of Sigma. YAML 1.2 core schema (so `yes` and `on` are words, a date is text), with
 * merge keys; an integer too large for a double stays text. A document that is not YAML does not spoil the others:
 * the file is then read again in pieces cut at its `---` lines.
 */
import {
  CORE_SCHEMA,
  constructFromEvents,
  defineScalarTag,
  EVENT_ID,
  type Event,
  getScalarValue,
  intCoreTag,
  mergeTag,
  parseEvents,
  YAMLException,
} from 'js-yaml';

/** Keys and list indexes from the top of a document. */
export type Path = readonly (string | number)[];

interface TextPosition {
  readonly line: number;
  readonly column: number;
}

export interface YamlDocument {
  /** 1-based position among the file's documents. */
  readonly number: number;
  readonly value: unknown;
  /** Position of the value at `path`, or of the deepest part of the path that is there. */
  locate(path: Path): TextPosition;
}

export interface YamlError {
  readonly what: 'syntax' | 'limit';
  readonly reason: string;
  readonly limit: number;
  readonly at?: TextPosition;
}

export interface YamlFile {
  readonly documents: readonly YamlDocument[];
  readonly errors: readonly YamlError[];
}

/** Far above any real rule (the largest public one is 60 kB with 3,000 values), low enough to bound the work. */
const YAML_LIMITS = {
  characters: 2_000_000,
  depth: 32,
  values: 100_000,
  aliases: 200,
} as const;

const lossless = defineScalarTag<number | string>(intCoreTag.tagName, {
  implicit: true,
  implicitFirstChars: intCoreTag.implicitFirstChars,
  identify: () => false,
  resolve: (source, isExplicit, tagName) => {
    const value = intCoreTag.resolve(source, isExplicit, tagName);
    return typeof value === 'number' && !Number.isSafeInteger(value) ? source : (value as number);
  },
});
const SCHEMA = CORE_SCHEMA.withTags(mergeTag, lossless);

/** Never throws; what could not be read is in `errors`. */
export function readYaml(text: string): YamlFile {
  if (text.length > YAML_LIMITS.characters) return limited(YAML_LIMITS.characters, 'characters');
  const whole = readPiece(text, 0);
  if (whole.errors.length === 0 || !/^---/m.test(text)) return whole;
  const pieces = cutAtMarkers(text).map((piece) => readPiece(piece.text, piece.line));
  const documents = pieces.flatMap((piece) => piece.documents);
  return {
    documents: documents.map((document, index) => ({ ...document, number: index + 1 })),
    errors: pieces.flatMap((piece) => piece.errors),
  };
}

function limited(limit: number, reason: string): YamlFile {
  return { documents: [], errors: [{ what: 'limit', limit, reason }] };
}

function cutAtMarkers(text: string): { text: string; line: number }[] {
  const pieces: { text: string; line: number }[] = [];
  let start = 0;
  let line = 0;
  for (const marker of text.matchAll(/^---(?=\s|$)/gm)) {
    const piece = text.slice(start, marker.index);
    if (piece.trim() !== '') pieces.push({ text: piece, line });
    line += countLines(piece, piece.length);
    start = marker.index;
  }
  pieces.push({ text: text.slice(start), line });
  return pieces;
}

function readPiece(text: string, lineOffset: number): YamlFile {
  try {
    const events = parseEvents(text, { maxDepth: YAML_LIMITS.depth });
    if (events.length > YAML_LIMITS.values) return limited(YAML_LIMITS.values, 'values');
    const values = constructFromEvents(events, {
      source: text,
      schema: SCHEMA,
      maxAliases: YAML_LIMITS.aliases,
      maxTotalMergeKeys: 1_000,
    });
    const hasAliases = events.some((event) => event.type === EVENT_ID.ALIAS);
    if (hasAliases && values.some((value) => !fitsWhenExpanded(value))) {
      return limited(YAML_LIMITS.values, 'values');
    }
    const documents = values.map((value, index) => ({
      number: index + 1,
      value,
      locate: (path: Path) => locate({ text, events, lineOffset, document: index }, path),
    }));
    return { documents: documents.filter((document) => document.value != null), errors: [] };
  } catch (error) {
    return { documents: [], errors: [asError(error, lineOffset)] };
  }
}

function asError(error: unknown, lineOffset: number): YamlError {
  if (!(error instanceof YAMLException)) return { what: 'syntax', reason: String(error), limit: 0 };
  const reason = String(error.reason);
  const mark = error.mark as { line?: number; column?: number } | null | undefined;
  if (mark?.line === undefined) return { what: 'syntax', reason, limit: 0 };
  const at = { line: mark.line + 1 + lineOffset, column: (mark.column ?? 0) + 1 };
  return { what: 'syntax', reason, limit: 0, at };
}

/** Aliases share values; written out they may grow exponentially, or never end. */
function fitsWhenExpanded(root: unknown): boolean {
  const sizes = new Map<object, number>();
  const open = new Set<object>();
  function sizeOf(value: unknown): number {
    if (value === null || typeof value !== 'object') return 1;
    const known = sizes.get(value);
    if (known !== undefined) return known;
    if (open.has(value)) return Number.POSITIVE_INFINITY;
    open.add(value);
    let size = 1;
    for (const item of Object.values(value)) size += sizeOf(item);
    open.delete(value);
    sizes.set(value, size);
    return size;
  }
  return sizeOf(root) <= YAML_LIMITS.values;
}

interface Source {
  readonly text: string;
  readonly events: readonly Event[];
  readonly lineOffset: number;
  readonly document: number;
}

function locate(source: Source, path: Path): TextPosition {
  const { text, events } = source;
  let at = startOfDocument(source) + 1;
  let offset = offsetOf(events[at]);
  for (const step of path) {
    const next = stepInto(source, at, step);
    if (next === undefined) break;
    offset = next.offset;
    at = next.at;
  }
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  return { line: countLines(text, offset) + 1 + source.lineOffset, column: offset - lineStart + 1 };
}

function startOfDocument(source: Source): number {
  let seen = -1;
  for (let index = 0; index < source.events.length; index++) {
    if (source.events[index]?.type === EVENT_ID.DOCUMENT && ++seen === source.document) return index;
  }
  return 0;
}

/** The event of the child `step` of the collection at `at`, and the offset to show for it (the key's, in a map). */
function stepInto(
  source: Source,
  at: number,
  step: string | number,
): { at: number; offset: number } | undefined {
  const parent = source.events[at];
  if (parent?.type !== EVENT_ID.MAPPING && parent?.type !== EVENT_ID.SEQUENCE) return undefined;
  let index = at + 1;
  for (let count = 0; source.events[index]?.type !== EVENT_ID.POP; count++) {
    const first = source.events[index];
    if (first === undefined) return undefined;
    if (parent.type === EVENT_ID.SEQUENCE) {
      if (count === step) return { at: index, offset: offsetOf(first) };
      index = afterNode(source.events, index);
      continue;
    }
    const value = afterNode(source.events, index);
    const isKey = first.type === EVENT_ID.SCALAR && getScalarValue(source.text, first) === String(step);
    if (isKey) return { at: value, offset: offsetOf(first) };
    index = afterNode(source.events, value);
  }
  return undefined;
}

function afterNode(events: readonly Event[], at: number): number {
  let depth = 0;
  for (let index = at; index < events.length; index++) {
    const type = events[index]?.type;
    if (type === EVENT_ID.MAPPING || type === EVENT_ID.SEQUENCE) depth++;
    if (type === EVENT_ID.POP) depth--;
    if (depth === 0) return index + 1;
  }
  return events.length;
}

function offsetOf(event: Event | undefined): number {
  if (event === undefined) return 0;
  if (event.type === EVENT_ID.SCALAR) return Math.max(0, event.valueStart);
  if (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE) return Math.max(0, event.start);
  return event.type === EVENT_ID.ALIAS ? Math.max(0, event.anchorStart) : 0;
}

function countLines(text: string, end: number): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}
