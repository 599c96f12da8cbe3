/**
 * Elasticsearch's `filter_path`: which parts of an answer the client wants. `*` stands for any part of one name, `**`
 * for any number of names, a leading `-` leaves out. Pure.
 */

const MAX_PATTERNS = 50;
const MAX_PATTERN_LENGTH = 200;
/** Our answers are not this deep. Bounds what a pattern of many `**` costs. */
const MAX_NAMES = 8;

export interface PathFilter {
  /** True when the value at this path, as a whole, is wanted. */
  wants(path: readonly string[]): boolean;
}

/** Undefined when nothing was asked: everything is wanted. */
export function createPathFilter(text: string | undefined): PathFilter | undefined {
  if (text === undefined || text === '') return undefined;
  const patterns = text
    .split(',')
    .slice(0, MAX_PATTERNS)
    .map((pattern) => pattern.trim().slice(0, MAX_PATTERN_LENGTH))
    .filter((pattern) => pattern !== '');
  const excluded = patterns.filter((pattern) => pattern.startsWith('-')).map((p) => namesOf(p.slice(1)));
  const included = patterns.filter((pattern) => !pattern.startsWith('-')).map(namesOf);
  return {
    wants: (path) =>
      !excluded.some((pattern) => matchPath(pattern, path)) &&
      (included.length === 0 || included.some((pattern) => matchPath(pattern, path))),
  };
}

function namesOf(pattern: string): string[] {
  return pattern.split('.').slice(0, MAX_NAMES);
}

/** Keeps of an answer what the filter wants; objects and lists left empty go. */
export function filterAnswer(value: unknown, filter: PathFilter | undefined): unknown {
  if (!filter) return value;
  return keep(value, [], filter) ?? {};
}

function keep(value: unknown, path: readonly string[], filter: PathFilter): unknown {
  if (Array.isArray(value)) {
    const kept = value.map((item) => keep(item, path, filter)).filter((item) => item !== undefined);
    return kept.length === 0 ? undefined : kept;
  }
  if (value === null || typeof value !== 'object') return filter.wants(path) ? value : undefined;
  const kept = Object.entries(value)
    .map(([name, item]) => [name, keep(item, [...path, name], filter)] as const)
    .filter(([, item]) => item !== undefined);
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

/** A pattern that ends before the path does wants all below it. */
function matchPath(pattern: readonly string[], path: readonly string[]): boolean {
  const [head, ...rest] = pattern;
  if (head === undefined) return true;
  const [name, ...below] = path;
  if (name === undefined) return false;
  if (head === '**') return matchPath(rest, path) || matchPath(pattern, below);
  return matchName(head, name) && matchPath(rest, below);
}

function matchName(pattern: string, name: string): boolean {
  const pieces = pattern.split('*');
  const [first = '', ...others] = pieces;
  if (others.length === 0) return pattern === name;
  if (!name.startsWith(first)) return false;
  let from = first.length;
  const last = others.pop() ?? '';
  for (const piece of others) {
    const at = name.indexOf(piece, from);
    if (at === -1) return false;
    from = at + piece.length;
  }
  return name.length - last.length >= from && name.endsWith(last);
}
