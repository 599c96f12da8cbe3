/**
 * Regular expressions of rules. Users' rules are untrusted, so what an expression matches is decided by re2js, linear in
 * the text whatever the expression; V8 is asked first, or instead, only what `regex-bounds.ts` shows to be linear there
 * (docs/decisions/0005-linear-regexes.md). What re2js cannot express (lookaround, backreferences, huge repeats) is
 * outside the Sigma 2.x flavour too and is refused with a reason.
 */
import { RE2JS } from 're2js';
import { isAscii } from './fold.ts';
import { type Bounds, boundsOf } from './regex-bounds.ts';

export interface Regex {
  test(text: string): boolean;
  find(text: string): readonly [number, number] | undefined;
}

const FLAGS: Readonly<Record<string, number>> = {
  i: RE2JS.CASE_INSENSITIVE,
  m: RE2JS.MULTILINE,
  s: RE2JS.DOTALL,
};

/** Longer sources are refused: nobody writes them by hand, and compiling is not free. */
const LONGEST_SOURCE = 10_000;

function build(source: string, flags: string): RE2JS {
  if (source.length > LONGEST_SOURCE) throw new Error(`longer than ${LONGEST_SOURCE} characters`);
  let bits = 0;
  for (const flag of flags) bits |= FLAGS[flag] ?? 0;
  return RE2JS.compile(source, bits);
}

/**
 * Why this expression cannot be run; `undefined` when it can. For the parser, which refuses the rule with its place.
 * @example regexProblem('(?=a)b', '') // 'error parsing regexp: invalid or unsupported Perl syntax: `(?=`'
 */
export function regexProblem(source: string, flags: string): string | undefined {
  try {
    build(source, flags);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The expression ready to run; one that cannot be run never matches (the parser refuses such rules). */
export function compileRegex(source: string, flags: string): Regex {
  const key = `${flags}/${source}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const made = makeRegex(source, flags);
  if (compiled.size >= MOST_COMPILED) compiled.clear();
  compiled.set(key, made);
  return made;
}

/** The same expression stands in many views and explanations; compiling one costs more than running it. */
const compiled = new Map<string, Regex>();
const MOST_COMPILED = 5_000;

function makeRegex(source: string, flags: string): Regex {
  const regexOf = onFirstNeed(source, flags);
  return {
    test: tester(regexOf, boundsOf(source, flags)),
    find(text) {
      const matcher = regexOf()?.matcher(text);
      return matcher?.find() === true ? [matcher.start(), matcher.end()] : undefined;
    },
  };
}

/** Most texts are settled without re2js: it compiles an expression when it is first asked. */
function onFirstNeed(source: string, flags: string): () => RE2JS | undefined {
  let regex: RE2JS | undefined;
  let isBuilt = false;
  return () => {
    if (isBuilt) return regex;
    isBuilt = true;
    try {
      regex = build(source, flags);
    } catch {
      // It never matches: the parser refuses such rules.
    }
    return regex;
  };
}

function tester(
  regexOf: () => RE2JS | undefined,
  { least, whole, parts, run }: Bounds,
): (text: string) => boolean {
  const test = (text: string): boolean => regexOf()?.test(text) === true;
  return (text) => {
    if (text.length < least) return false;
    if (!isAscii(text)) return test(text);
    if (whole !== undefined) return whole.test(text);
    if (run !== undefined) return hasRun(text, run, least);
    for (const part of parts) if (!part.test(text)) return false;
    return test(text);
  };
}

/** Runs are disjoint, so that all of them together are read once. */
function hasRun(text: string, run: RegExp, least: number): boolean {
  for (const [found] of text.matchAll(run)) if (found.length >= least) return true;
  return false;
}
