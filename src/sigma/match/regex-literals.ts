/**
 * Literals that every match of a regular expression (RE2 syntax) must contain, read off its source. Only plain cases
 * are understood: literal characters in sequence, alternatives, groups without repetition; everything else ends a
 * literal. Wrong only in the safe direction: a literal that is not found is not given.
 *
 * Without case, RE2 folds as Unicode does, where the Kelvin sign is `k` and the long s is `s`: those two letters end
 * a literal too, as their bytes are not known.
 */

/** Each list: at least one of its texts is in every match. */
export type Required = readonly (readonly string[])[];

/** @example regexLiterals('foo.*(bar|baz)\\d', '') // [['foo'], ['bar', 'baz']] */
export function regexLiterals(source: string, flags: string): Required {
  const reader: Reader = {
    source,
    at: 0,
    hasCase: !flags.includes('i') && !/\(\?[a-zA-Z-]*i/.test(source),
    depth: 0,
  };
  const found = readAlternatives(reader);
  return found === undefined || reader.at < source.length ? [] : found;
}

interface Reader {
  readonly source: string;
  at: number;
  readonly hasCase: boolean;
  depth: number;
}

type Clauses = string[][];

const DEEPEST = 20;

/** Up to the end or the closing bracket; `undefined` when the syntax is not understood. */
function readAlternatives(reader: Reader): Clauses | undefined {
  const branches: Clauses[] = [];
  for (;;) {
    const branch = readSequence(reader);
    if (branch === undefined) return undefined;
    branches.push(branch);
    if (reader.source[reader.at] !== '|') break;
    reader.at += 1;
  }
  if (branches.length === 1) return branches[0];
  const texts: string[] = [];
  for (const branch of branches) {
    const best = longest(branch);
    if (best === undefined) return [];
    texts.push(...best);
  }
  return [texts];
}

/** The alternatives whose shortest text is longest. */
function longest(clauses: Clauses): string[] | undefined {
  const least = (texts: readonly string[]): number => Math.min(...texts.map((text) => text.length));
  return clauses.toSorted((a, b) => least(b) - least(a))[0];
}

function readSequence(reader: Reader): Clauses | undefined {
  const clauses: Clauses = [];
  let run = '';
  const endRun = (): void => {
    if (run !== '') clauses.push([run]);
    run = '';
  };
  while (reader.at < reader.source.length && !/[|)]/.test(reader.source[reader.at] ?? '')) {
    const atom = readAtom(reader);
    if (atom === undefined) return undefined;
    const repeat = readRepeat(reader);
    if (atom.literal !== undefined && repeat === 'once') {
      run += atom.literal;
      continue;
    }
    const kept = repeat === 'optional' ? [] : atom.literal === undefined ? atom.inside : [[atom.literal]];
    endRun();
    clauses.push(...kept);
  }
  endRun();
  return clauses;
}

interface Atom {
  readonly literal?: string;
  /** What a group requires; empty for classes, anchors and the dot. */
  readonly inside: Clauses;
}

const NOTHING: Atom = { inside: [] };

function readAtom(reader: Reader): Atom | undefined {
  const char = reader.source[reader.at] as string;
  if (char === '(') return readGroup(reader);
  if (char === '[') return readClass(reader);
  if (char === '\\') return readEscape(reader);
  reader.at += 1;
  if ('*+?{'.includes(char)) return char === '{' ? NOTHING : undefined;
  return '.^$'.includes(char) ? NOTHING : literalOf(char, reader);
}

/** Units beyond ASCII are not used: how RE2 cuts and folds them need not be known. */
function literalOf(char: string, reader: Reader): Atom {
  const isKnown = char.charCodeAt(0) < 0x80 && (reader.hasCase || !/[ksKS]/.test(char));
  return isKnown ? { literal: char, inside: [] } : NOTHING;
}

function readGroup(reader: Reader): Atom | undefined {
  const opening = /^\((\?:|\?P?<\w+>|(?!\?))/.exec(reader.source.slice(reader.at, reader.at + 80));
  if (opening === null || reader.depth >= DEEPEST) return undefined;
  reader.at += opening[0].length;
  reader.depth += 1;
  const inside = readAlternatives(reader);
  reader.depth -= 1;
  if (inside === undefined || reader.source[reader.at] !== ')') return undefined;
  reader.at += 1;
  return { inside };
}

function readClass(reader: Reader): Atom | undefined {
  const whole = /^\[\^?\]?(?:\[:\^?\w+:\]|\\[\s\S]|[^\]\\])*\]/.exec(reader.source.slice(reader.at));
  if (whole === null) return undefined;
  reader.at += whole[0].length;
  return NOTHING;
}

function readEscape(reader: Reader): Atom | undefined {
  const next = reader.source[reader.at + 1];
  if (next === undefined || next === 'Q' || next === 'E' || next === 'C') return undefined;
  const long = /^\\(?:x\{[0-9a-fA-F]+\}|x[0-9a-fA-F]{2}|[pP]\{\^?\w+\}|[pP]\w|[0-7]{1,3}|[\s\S])/.exec(
    reader.source.slice(reader.at, reader.at + 80),
  );
  if (long === null) return undefined;
  reader.at += long[0].length;
  return /[A-Za-z0-9]/.test(next) ? NOTHING : literalOf(next, reader);
}

/** What follows an atom: nothing, a repetition of at least one, or one that may be none. */
function readRepeat(reader: Reader): 'once' | 'many' | 'optional' {
  let result: 'once' | 'many' | 'optional' = 'once';
  for (;;) {
    const found = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})/.exec(reader.source.slice(reader.at, reader.at + 16));
    if (found === null) return result;
    reader.at += found[0].length;
    const isOptional = found[0] === '*' || found[0] === '?' || Number(found[1]) === 0;
    // A `?` after a repetition makes it lazy: nothing more becomes optional, but to say so is safe and short.
    result = isOptional ? 'optional' : result === 'optional' ? 'optional' : 'many';
  }
}
