/**
 * Which modifiers a chain may hold, and the order they are applied in. Transformations run in the order written;
 * what gives a value its type (`re`, `fieldref`, a part of a date…) is moved before what only refines it, and
 * `expand` before everything, because there only one order has a meaning.
 */
import { MODIFIERS } from './modifiers.ts';
import { because, type Params, type Report } from './report.ts';
import type { Path } from './yaml.ts';

export interface Chain {
  /** Modifiers that work on one value, in the order to apply. */
  readonly names: readonly string[];
  readonly isAll: boolean;
  readonly isNegated: boolean;
}

/** Long names that pySigma also takes. */
const SYNONYMS: Readonly<Record<string, string>> = { ignorecase: 'i', multiline: 'm', dotall: 's' };

const COMPARES = ['lt', 'lte', 'gt', 'gte'];
const TIME_PARTS = ['minute', 'hour', 'day', 'week', 'month', 'year'];
const PLACES = ['contains', 'startswith', 'endswith'];
const LINKS = ['all', 'neq', 'expand'];

/** Modifiers that give the value a type → those that may stand beside them. Others go with any text modifier. */
const BESIDE: ReadonlyMap<string, readonly string[]> = new Map([
  ['re', ['i', 'm', 's', ...PLACES, ...LINKS]],
  ['cidr', LINKS],
  ['exists', []],
  ['fieldref', ['cased', ...PLACES, ...LINKS]],
  ...COMPARES.map((name) => [name, [...TIME_PARTS, ...LINKS]] as const),
  ...TIME_PARTS.map((name) => [name, [...COMPARES, ...LINKS]] as const),
]);

/** Of each group, one at most. */
const ALTERNATIVES: readonly (readonly string[])[] = [
  PLACES,
  COMPARES,
  TIME_PARTS,
  ['base64', 'base64offset'],
  ['wide', 'utf16le', 'utf16be', 'utf16'],
];

const NOT_ON_KEYWORDS = new Set(['exists', 'fieldref', 'neq', ...COMPARES, ...TIME_PARTS]);

export interface ChainRequest {
  readonly written: readonly string[];
  readonly isKeyword: boolean;
  readonly path: Path;
}

/** Undefined after a refusal. */
export function readChain(request: ChainRequest, report: Report): Chain | undefined {
  const names = request.written.map((name) => SYNONYMS[name] ?? name);
  for (const name of names) {
    if (name === 'all' || name === 'neq' || MODIFIERS.has(name)) continue;
    report.refuse('SIGMA_UNKNOWN_MODIFIER', request.path, { modifier: name, ...hintFor(name) });
    return undefined;
  }
  const clash = findClash(names, request.isKeyword);
  if (clash !== undefined) {
    report.refuse('SIGMA_MODIFIER_CHAIN', request.path, clash);
    return undefined;
  }
  const applied = names.filter((name) => name !== 'all' && name !== 'neq');
  return {
    names: applied.toSorted((left, right) => rank(left) - rank(right)),
    isAll: names.includes('all'),
    isNegated: names.includes('neq'),
  };
}

function rank(name: string): number {
  if (name === 'expand') return 0;
  if (name === 're' || name === 'fieldref' || TIME_PARTS.includes(name)) return 1;
  return 2;
}

function findClash(names: readonly string[], isKeyword: boolean): Params | undefined {
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) !== index)
      return { modifier: name, ...because('is given twice', 'est donné deux fois') };
    if (isKeyword && NOT_ON_KEYWORDS.has(name)) {
      return { modifier: name, ...because('needs a field', 'demande un champ') };
    }
    const beside = BESIDE.get(name);
    const other = names.find((each) => each !== name && beside !== undefined && !beside.includes(each));
    if (other !== undefined) return { modifier: name, ...cannotMeet(other) };
  }
  return findAlternatives(names) ?? findStrayFlag(names);
}

function findAlternatives(names: readonly string[]): Params | undefined {
  for (const group of ALTERNATIVES) {
    const [first, second] = names.filter((name) => group.includes(name));
    if (first !== undefined && second !== undefined) return { modifier: first, ...cannotMeet(second) };
  }
  return undefined;
}

function findStrayFlag(names: readonly string[]): Params | undefined {
  const flag = names.find((name) => name === 'i' || name === 'm' || name === 's');
  if (flag === undefined || names.includes('re')) return undefined;
  return { modifier: flag, ...because('must follow `re`', 'doit suivre `re`') };
}

function cannotMeet(other: string): Params {
  return because(`cannot be combined with \`${other}\``, `ne peut pas être combiné avec \`${other}\``);
}

/** The known modifier one slip away, as the end of a sentence. */
function hintFor(name: string): Params {
  const near = ['all', 'neq', ...MODIFIERS.keys()].find(
    (known) => known.length > 2 && isOneSlip(name, known),
  );
  if (near === undefined) return { hint: '', hintFr: '' };
  return { hint: `; \`${near}\` was perhaps meant`, hintFr: ` ; peut-être \`${near}\`` };
}

function isOneSlip(left: string, right: string): boolean {
  const a = left.toLowerCase();
  if (a === right) return true;
  if (Math.abs(a.length - right.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === right[start]) start++;
  let end = 0;
  while (end < a.length - start && end < right.length - start && a.at(-1 - end) === right.at(-1 - end)) end++;
  const left1 = a.length - start - end;
  const right1 = right.length - start - end;
  const swapped =
    left1 === 2 && right1 === 2 && a[start] === right[start + 1] && a[start + 1] === right[start];
  return (left1 <= 1 && right1 <= 1) || swapped;
}
