/**
 * Reads the part of RE2's syntax whose meaning on ASCII text is beyond doubt the same in V8, into a small tree whose
 * sets are written as V8 reads them. Anything else (flags inside, Unicode classes, POSIX classes, letters beyond ASCII)
 * is not understood, and the whole expression with it.
 */

export type Node =
  | { readonly kind: 'set'; readonly source: string }
  | { readonly kind: 'edge'; readonly source: string }
  | { readonly kind: 'sequence' | 'choice'; readonly items: readonly Node[] }
  | { readonly kind: 'repeat'; readonly item: Node; readonly least: number; readonly most: number };

interface Reader {
  readonly source: string;
  readonly dot: string;
  at: number;
  depth: number;
}

const DEEPEST = 12;
/** Thrown and caught in this file only: the shortest way out of a recursive reader. */
const UNKNOWN = new Error('not understood');

/** The tree of an expression; undefined when some of it is not understood. */
export function readRegex(source: string, isDotAll: boolean): Node | undefined {
  const reader: Reader = { source, dot: isDotAll ? '[^]' : '[^\\n]', at: 0, depth: 0 };
  try {
    const node = readChoice(reader);
    return reader.at === source.length ? node : undefined;
  } catch (error) {
    if (error === UNKNOWN) return undefined;
    throw error;
  }
}

function readChoice(reader: Reader): Node {
  const items = [readSequence(reader)];
  while (reader.source[reader.at] === '|') {
    reader.at += 1;
    items.push(readSequence(reader));
  }
  return items.length === 1 && items[0] !== undefined ? items[0] : { kind: 'choice', items };
}

function readSequence(reader: Reader): Node {
  const items: Node[] = [];
  for (;;) {
    const char = reader.source[reader.at];
    if (char === undefined || char === '|' || char === ')') return { kind: 'sequence', items };
    items.push(readRepeat(reader, readAtom(reader, char)));
  }
}

/** Lazy repetitions match where greedy ones do. A repetition of a repetition is not understood. */
function readRepeat(reader: Reader, item: Node): Node {
  const found = /^(?:[*+?]|\{(\d{1,4})(?:(,)(\d{0,4}))?\})/.exec(
    reader.source.slice(reader.at, reader.at + 12),
  );
  if (found === null) return item;
  const [text, low, comma, high] = found;
  reader.at += text.length;
  if (reader.source[reader.at] === '?') reader.at += 1;
  if (/[*+?{]/.test(reader.source[reader.at] ?? '') || item.kind === 'edge') throw UNKNOWN;
  if (low === undefined) {
    return {
      kind: 'repeat',
      item,
      least: text === '+' ? 1 : 0,
      most: text === '?' ? 1 : Number.POSITIVE_INFINITY,
    };
  }
  const most = comma === undefined ? Number(low) : high === '' ? Number.POSITIVE_INFINITY : Number(high);
  return { kind: 'repeat', item, least: Number(low), most };
}

function readAtom(reader: Reader, char: string): Node {
  if (char === '(') return readGroup(reader);
  if (char === '[') return readClass(reader);
  if (char === '\\') return readEscape(reader);
  if ('*+?{'.includes(char)) throw UNKNOWN;
  reader.at += 1;
  if (char === '.') return { kind: 'set', source: reader.dot };
  if (char === '^' || char === '$') return { kind: 'edge', source: char };
  return { kind: 'set', source: literal(char) };
}

function literal(char: string): string {
  const code = char.charCodeAt(0);
  if (code >= 0x80) throw UNKNOWN;
  return /\w/.test(char) ? char : `\\x${code.toString(16).padStart(2, '0')}`;
}

function readGroup(reader: Reader): Node {
  const opening = /^\((?:\?:|\?P?<\w+>|(?!\?))/.exec(reader.source.slice(reader.at, reader.at + 80));
  if (opening === null || reader.depth >= DEEPEST) throw UNKNOWN;
  reader.at += opening[0].length;
  reader.depth += 1;
  const node = readChoice(reader);
  reader.depth -= 1;
  if (reader.source[reader.at] !== ')') throw UNKNOWN;
  reader.at += 1;
  return node;
}

/** What stands inside a class for each; RE2's blanks are fewer than V8's. */
const CLASSES: Readonly<Record<string, string>> = { d: '0-9', w: '\\w', s: '\\t\\n\\f\\r ' };
const CONTROLS: Readonly<Record<string, string>> = { t: '\\t', n: '\\n', r: '\\r', f: '\\f', v: '\\v' };

function readEscape(reader: Reader): Node {
  const char = reader.source[reader.at + 1] ?? '';
  reader.at += 2;
  const inside = CLASSES[char];
  if (inside !== undefined) return { kind: 'set', source: `[${inside}]` };
  const outside = CLASSES[char.toLowerCase()];
  if (outside !== undefined) return { kind: 'set', source: `[^${outside}]` };
  if (char === 'b' || char === 'B') return { kind: 'edge', source: `\\${char}` };
  return { kind: 'set', source: escapedChar(char) };
}

function escapedChar(char: string): string {
  const control = CONTROLS[char];
  if (control !== undefined) return control;
  if (char === '' || /\w/.test(char)) throw UNKNOWN;
  return literal(char);
}

function readClass(reader: Reader): Node {
  const { source } = reader;
  let at = reader.at + 1;
  const isNegated = source[at] === '^';
  if (isNegated) at += 1;
  let inside = '';
  for (let isFirst = true; isFirst || source[at] !== ']'; isFirst = false) {
    const low = readMember(source, at);
    at += low.size;
    if (source[at] !== '-' || source[at + 1] === ']') {
      inside += low.source;
      continue;
    }
    const high = readMember(source, at + 1);
    if (low.isClass || high.isClass) throw UNKNOWN;
    at += 1 + high.size;
    inside += `${low.source}-${high.source}`;
  }
  reader.at = at + 1;
  return { kind: 'set', source: `[${isNegated ? '^' : ''}${inside}]` };
}

function readMember(source: string, at: number): { source: string; size: number; isClass: boolean } {
  const char = source[at];
  if (char === undefined || (char === '[' && source[at + 1] === ':')) throw UNKNOWN;
  if (char !== '\\') return { source: literal(char), size: 1, isClass: false };
  const next = source[at + 1] ?? '';
  const inside = CLASSES[next];
  if (inside !== undefined) return { source: inside, size: 2, isClass: true };
  return { source: escapedChar(next), size: 2, isClass: false };
}
