/**
 * Brings a rule's regular expression (PCRE, as the modifier appendix says) to the engine's dialect (RE2 syntax,
 * linear time: `match/regex.ts`). Leading inline flags become flags; comments, `\Z`, `\h`, `\e` and `\R` are written
 * in words the engine knows; what would change the meaning (possessive and atomic groups) and what the engine cannot
 * do (look-around, back-references) is refused with its reason.
 */
import { regexProblem } from '../match/regex.ts';
import { because, type Params } from './report.ts';

export type Translated =
  | { readonly source: string; readonly flags: string; readonly problem?: undefined }
  | { readonly problem: Params };

const REWRITES: Readonly<Record<string, string>> = {
  h: '[ \\t]',
  e: '\\x1b',
  R: '(?:\\r\\n|[\\n\\v\\f\\r\\x{85}\\x{2028}\\x{2029}])',
  Z: '(?:\\n?\\z)',
};
const IN_CLASS_REWRITES: Readonly<Record<string, string>> = { h: ' \\t', e: '\\x1b' };

/** @example translateRegex('(?i)cmd', '') // { source: 'cmd', flags: 'i' } */
export function translateRegex(source: string, flags: string): Translated {
  const lead = takeLeadingFlags(source, flags);
  const body = rewrite(lead.source);
  if (typeof body !== 'string') return body;
  const problem = regexProblem(body, lead.flags);
  if (problem === undefined) return { source: body, flags: lead.flags };
  return { problem: { ...because(problem, problem) } };
}

function takeLeadingFlags(source: string, flags: string): { source: string; flags: string } {
  const all = new Set(flags);
  let rest = source;
  for (let found = /^\(\?([ims]+)\)/.exec(rest); found !== null; found = /^\(\?([ims]+)\)/.exec(rest)) {
    for (const flag of found[1] ?? '') all.add(flag);
    rest = rest.slice(found[0].length);
  }
  return { source: rest, flags: ['i', 'm', 's'].filter((flag) => all.has(flag)).join('') };
}

function rewrite(source: string): string | { problem: Params } {
  let out = '';
  let inClass = false;
  for (let index = 0; index < source.length; index++) {
    const char = source[index] as string;
    if (char === '\\') {
      const next = source[++index] ?? '';
      out += (inClass ? IN_CLASS_REWRITES : REWRITES)[next] ?? `\\${next}`;
    } else if (inClass) {
      if (char === ']') inClass = false;
      out += char;
    } else if (char === '[') {
      const opening = /^\[\^?\]?/.exec(source.slice(index, index + 3))?.[0] ?? '[';
      out += opening.endsWith(']') ? `${opening.slice(0, -1)}\\]` : opening;
      index += opening.length - 1;
      inClass = true;
    } else if (source.startsWith('(?#', index)) {
      const end = source.indexOf(')', index);
      index = end === -1 ? source.length : end;
    } else {
      const unsafe = unsafeAt(source, index);
      if (unsafe !== undefined) return { problem: unsafe };
      out += char;
    }
  }
  return out;
}

function unsafeAt(source: string, index: number): Params | undefined {
  if (source.startsWith('(?>', index)) {
    return because('atomic groups are not supported', 'les groupes atomiques ne sont pas pris en charge');
  }
  const isPossessive = source[index + 1] === '+' && /[*+?}]/.test(source[index] ?? '');
  if (isPossessive && !isEscaped(source, index)) {
    return because(
      'possessive quantifiers are not supported',
      'les quantificateurs possessifs ne sont pas pris en charge',
    );
  }
  return undefined;
}

function isEscaped(source: string, index: number): boolean {
  let backslashes = 0;
  for (let at = index - 1; source[at] === '\\'; at--) backslashes++;
  return backslashes % 2 === 1;
}
