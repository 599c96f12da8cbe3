/**
 * One `field|modifiers: values` entry (or a list of keywords) as a search. A value that stands for several tests
 * (windash, base64offset, placeholders) means any of them, also under `all`: there each value becomes its own search.
 */
import type { Search, ValueTest } from '../../model/sigma.ts';
import { type Chain, readChain } from './chain.ts';
import { type Draft, finish, toDraft } from './draft.ts';
import { MODIFIERS } from './modifiers.ts';
import type { Placeholders } from './placeholder.ts';
import { because, expected, type Params, type Report, shown } from './report.ts';
import type { Path } from './yaml.ts';

export interface SearchContext {
  readonly report: Report;
  readonly placeholders: Placeholders;
}

/** Undefined after a refusal. `key` is as written: `Image|endswith`, or `|all` for keywords. */
export function parseField(
  key: string,
  value: unknown,
  path: Path,
  context: SearchContext,
): Search | undefined {
  const [field = '', ...written] = key.split('|');
  const isKeyword = field === '';
  const chain = readChain({ written, isKeyword, path }, context.report);
  if (chain === undefined) return undefined;
  const values = Array.isArray(value) ? (value as readonly unknown[]) : [value];
  if (values.length === 0) {
    context.report.refuse('SIGMA_EMPTY', path);
    return undefined;
  }
  if (chain.isAll && values.length === 1) context.report.warn('SIGMA_ALL_SINGLE', path);
  if (values.length > 1 && values.includes(null)) context.report.warn('SIGMA_NULL_IN_LIST', path);
  const groups: (readonly ValueTest[])[] = [];
  for (const [index, item] of values.entries()) {
    const itemPath = Array.isArray(value) ? [...path, index] : path;
    const tests = testsOf(item, { chain, isKeyword, path: itemPath }, context);
    if (tests !== undefined) groups.push(tests);
  }
  if (groups.length !== values.length) return undefined;
  return link(groups, chain, (quantifier, tests) =>
    isKeyword
      ? { kind: 'keywords', quantifier, tests, place: context.report.place(path) }
      : {
          kind: 'field',
          field,
          quantifier,
          negated: chain.isNegated,
          tests,
          place: context.report.place(path),
        },
  );
}

type MakeSearch = (quantifier: 'any' | 'all', tests: readonly ValueTest[]) => Search;

function link(groups: readonly (readonly ValueTest[])[], chain: Chain, make: MakeSearch): Search {
  if (!chain.isAll) return make('any', groups.flat());
  if (groups.every((tests) => tests.length === 1)) return make('all', groups.flat());
  const items = groups.map((tests) => make('any', tests));
  return { kind: chain.isNegated ? 'or' : 'and', items };
}

interface ValueRequest {
  readonly chain: Chain;
  readonly isKeyword: boolean;
  readonly path: Path;
}

function testsOf(value: unknown, request: ValueRequest, context: SearchContext): ValueTest[] | undefined {
  const { report } = context;
  const draft = toDraft(value);
  if (draft === undefined) {
    report.refuse(
      'SIGMA_WRONG_TYPE',
      request.path,
      expected('a text, a number, a boolean or null', SCALAR_FR),
    );
    return undefined;
  }
  if (request.isKeyword && isNothing(draft)) {
    const reason = because('a keyword needs some text', 'un mot-clé demande du texte');
    report.refuse('SIGMA_VALUE', request.path, { value: shown(value), ...reason });
    return undefined;
  }
  let drafts: readonly Draft[] = [draft];
  for (const name of request.chain.names) {
    const next: Draft[] = [];
    for (const each of drafts) {
      const applied = MODIFIERS.get(name)?.(each, context) ?? [];
      if ('problem' in applied) {
        refuse(applied, { name, value }, request.path, report);
        return undefined;
      }
      next.push(...applied);
    }
    drafts = next;
  }
  return drafts.map(finish);
}

const SCALAR_FR = 'un texte, un nombre, un booléen ou null';

function isNothing(draft: Draft): boolean {
  return draft.kind === 'null' || (draft.kind === 'text' && draft.raw.trim() === '');
}

function refuse(
  applied: { readonly problem: Params; readonly isRegex?: boolean },
  about: { readonly name: string; readonly value: unknown },
  path: Path,
  report: Report,
): void {
  const { placeholder } = applied.problem;
  if (placeholder !== undefined) {
    report.refuse('SIGMA_PLACEHOLDER', path, { name: placeholder });
  } else if (applied.isRegex === true) {
    report.refuse('SIGMA_REGEX', path, { regex: shown(about.value), ...applied.problem });
  } else {
    const reasons = {
      reason: `\`${about.name}\` ${applied.problem.reason}`,
      reasonFr: `\`${about.name}\` ${applied.problem.reasonFr}`,
    };
    report.refuse('SIGMA_VALUE', path, { value: shown(about.value), ...reasons });
  }
}
