/**
 * What must be there for a rule to match: from its condition, clauses of which at least one atom must be seen. One of
 * them, the rarest, becomes the rule's trigger; the rule is evaluated only on events where its trigger was seen.
 * Over-approximates by design: a trigger seen says nothing, a trigger not seen says the rule cannot match.
 *
 * Atoms are literals whose bytes are known (see fold.ts) at a place in a field's value, `present` when the
 * field must be there but nothing is known of its text, or a literal anywhere in the record for keywords.
 */
import type { Condition, DetectionRule, Search, ValueTest } from '../../model/sigma.ts';
import { byteLiteral, letterSpellings } from './fold.ts';
import { type Shape, shapeOf } from './glob.ts';
import { rarityOf } from './rarity.ts';
import { regexLiterals } from './regex-literals.ts';

export interface Atom {
  /** The Sigma field; `undefined` for keywords: anywhere in the record. */
  readonly field: string | undefined;
  readonly how: 'exact' | 'prefix' | 'suffix' | 'contains' | 'present';
  /** As `byteLiteral` gives it; empty for `present`. */
  readonly text: string;
}

/** At least one of these is seen whenever the rule matches. */
export type Clause = readonly Atom[];

/** Longer alternatives are not worth looking for one by one. */
const MOST_ATOMS = 50_000;

/** Every known necessary clause of the rule; none when it may match an event that has nothing. */
export function necessaryClauses(rule: DetectionRule): readonly Clause[] {
  const alternatives = rule.conditions.map((condition) => ofCondition(condition, rule));
  return eitherOf(alternatives);
}

/** The clause least often seen, by guess; `undefined` when the rule has none and must always be evaluated. */
export function rarestClause(clauses: readonly Clause[]): Clause | undefined {
  let best: Clause | undefined;
  let bestCost = Number.POSITIVE_INFINITY;
  for (const clause of clauses) {
    const cost = costOf(clause);
    if (cost < bestCost) {
      best = clause;
      bestCost = cost;
    }
  }
  return best;
}

/** So many guards and atoms in each: enough to tell, cheap to ask. */
const MOST_GUARDS = 3;
const MOST_GUARD_ATOMS = 24;

export interface Guards {
  /** Worth looking for: anchored at an end, or long, so that it costs next to nothing. */
  readonly cheap: readonly Clause[];
  /** Good only where all its atoms are looked for anyway. */
  readonly others: readonly Clause[];
}

/** Further clauses of which an atom must be seen too before the rule is worth evaluating, rarest first. */
export function guardsOf(clauses: readonly Clause[], trigger: Clause): Guards {
  const isCheap = ({ how, text, field }: Atom): boolean =>
    field !== undefined && (how !== 'contains' || text.length >= 8);
  const ranked = clauses
    .filter((clause) => clause !== trigger && clause.length <= MOST_GUARD_ATOMS)
    .filter((clause) => clause.every((atom) => atom.how !== 'present'))
    .map((clause) => ({ clause, cost: costOf(clause) }))
    .sort((one, other) => one.cost - other.cost)
    .map(({ clause }) => clause);
  const cheap = ranked.filter((clause) => clause.every(isCheap)).slice(0, MOST_GUARDS);
  return { cheap, others: ranked.filter((clause) => !cheap.includes(clause)).slice(0, MOST_GUARDS) };
}

/** A trigger seen in more events than this share leaves the rule running often. */
const WEAK_TRIGGER = 0.05;
/** Literals shorter would be looked for at every byte. */
const LEAST_OBSERVED = 4;
const MOST_OBSERVED = 128;

/**
 * For a rule that will run often: what is worth looking for only so that its tests are settled by what was seen (see
 * sight.ts), its filters too, without a value being decoded. None for other rules.
 */
export function observedAtoms(rule: DetectionRule, trigger: Clause | undefined): Clause {
  if (trigger !== undefined && costOf(trigger) < WEAK_TRIGGER) return [];
  const atoms = [...rule.searches.values()].flatMap(observedOf);
  return atoms.length > MOST_OBSERVED ? [] : atoms;
}

function observedOf(search: Search): readonly Atom[] {
  if (search.kind === 'keywords') return [];
  if (search.kind !== 'field') return search.items.flatMap(observedOf);
  return search.tests.flatMap((test) => {
    const clauses = fieldAtoms(search.field, test).filter((clause) => clause.every(isObservable));
    return rarestClause(clauses) ?? [];
  });
}

function isObservable({ how, text }: Atom): boolean {
  return how !== 'present' && (how !== 'contains' || text.length >= LEAST_OBSERVED);
}

function costOf(clause: Clause): number {
  return clause.reduce((sum, atom) => sum + rarityOf(atom), 0);
}

function eitherOf(alternatives: readonly (readonly Clause[])[]): readonly Clause[] {
  if (alternatives.length === 1) return alternatives[0] ?? [];
  const atoms: Atom[] = [];
  for (const clauses of alternatives) {
    const best = rarestClause(clauses);
    if (best === undefined) return [];
    atoms.push(...best);
  }
  return atoms.length === 0 || atoms.length > MOST_ATOMS ? [] : [atoms];
}

function ofCondition(condition: Condition, rule: DetectionRule): readonly Clause[] {
  switch (condition.kind) {
    case 'and':
      return condition.items.flatMap((item) => ofCondition(item, rule));
    case 'or':
      return eitherOf(condition.items.map((item) => ofCondition(item, rule)));
    case 'not':
      return [];
    case 'ref':
      return ofNamed(condition.name, rule);
    case 'of': {
      const each = condition.names.map((name) => ofNamed(name, rule));
      const needed = condition.min === 'all' ? each.length : condition.min;
      if (needed >= each.length) return each.flat();
      return needed <= 0 ? [] : eitherOf(each);
    }
  }
}

function ofNamed(name: string, rule: DetectionRule): readonly Clause[] {
  const search = rule.searches.get(name);
  return search === undefined ? [] : ofSearch(search);
}

function ofSearch(search: Search): readonly Clause[] {
  switch (search.kind) {
    case 'and':
      return search.items.flatMap(ofSearch);
    case 'or':
      return eitherOf(search.items.map(ofSearch));
    case 'keywords':
      return ofTests(search.quantifier, search.tests, keywordAtoms);
    case 'field':
      if (search.negated) return [];
      return ofTests(search.quantifier, search.tests, (test) => fieldAtoms(search.field, test));
  }
}

function ofTests(
  quantifier: 'any' | 'all',
  tests: readonly ValueTest[],
  atomsOf: (test: ValueTest) => readonly Clause[],
): readonly Clause[] {
  const each = tests.map(atomsOf);
  return quantifier === 'all' ? each.flat() : eitherOf(each);
}

/** The clauses of one test; several when a pattern has several literals. None when it may hold without the field. */
export function fieldAtoms(field: string, test: ValueTest): readonly Clause[] {
  switch (test.op) {
    case 'pattern':
      return patternAtoms(field, shapeOf(test.pattern));
    case 'number':
    case 'boolean':
      return [[{ field, how: 'exact', text: String(test.value) }]];
    case 'null':
      return [];
    case 'exists':
      return test.value ? [[{ field, how: 'present', text: '' }]] : [];
    case 'regex':
      return regexAtoms(field, test.source, test.flags);
    default:
      return [[{ field, how: 'present', text: '' }]];
  }
}

function regexAtoms(field: string | undefined, source: string, flags: string): readonly Clause[] {
  const clauses = regexLiterals(source, flags).map((texts) =>
    texts.flatMap((text) => literalAtoms(field, text, { starts: false, ends: false })),
  );
  return field === undefined ? clauses : [[{ field, how: 'present', text: '' }], ...clauses];
}

function patternAtoms(field: string, shape: Shape): readonly Clause[] {
  const clauses: Clause[] = [[{ field, how: 'present', text: '' }]];
  for (const [index, run] of shape.runs.entries()) {
    const isFirst = index === 0 && !shape.openStart;
    const isLast = index === shape.runs.length - 1 && !shape.openEnd;
    for (const [at, part] of run.entries()) {
      if (part === null) continue;
      const starts = isFirst && at === 0;
      const ends = isLast && at === run.length - 1;
      clauses.push(literalAtoms(field, part, { starts, ends }));
    }
  }
  return clauses;
}

/** The atoms of which one is seen wherever the text stands: one, or one for each spelling of a letter. */
function literalAtoms(
  field: string | undefined,
  text: string,
  at: { starts: boolean; ends: boolean },
): readonly Atom[] {
  const piece = byteLiteral(text);
  if (piece === '') {
    const spellings = letterSpellings(text);
    if (spellings.length === 0) return [{ field, how: 'present', text: '' }];
    return spellings.map((spelling) => ({ field, how: 'contains', text: spelling }));
  }
  const lower = text.toLowerCase();
  const whole = piece.length === text.length;
  const starts = at.starts && (whole || lower.startsWith(piece));
  const ends = at.ends && (whole || lower.endsWith(piece));
  const how = starts && ends && whole ? 'exact' : starts ? 'prefix' : ends ? 'suffix' : 'contains';
  return [{ field, how, text: piece }];
}

/** Keywords are found anywhere; without an ASCII literal nothing can be said and the rule is always evaluated. */
export function keywordAtoms(test: ValueTest): readonly Clause[] {
  if (test.op === 'number') return [[{ field: undefined, how: 'contains', text: String(test.value) }]];
  if (test.op === 'regex') {
    return regexAtoms(undefined, test.source, test.flags).filter((clause) =>
      clause.every((atom) => atom.how === 'contains'),
    );
  }
  if (test.op !== 'pattern') return [];
  const clauses: Clause[] = [];
  for (const run of shapeOf(test.pattern).runs) {
    for (const part of run) {
      if (part === null) continue;
      const atoms = literalAtoms(undefined, part, { starts: false, ends: false });
      if (atoms.every((atom) => atom.how === 'contains')) clauses.push(atoms);
    }
  }
  return clauses;
}
