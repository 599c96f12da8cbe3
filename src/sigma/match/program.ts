/**
 * Compiles a rule, under one binding, into closures over slots. Equal predicates of one view are one closure that
 * answers once per event. Closures, not generated code: measured equal, and no `new Function` is needed.
 */
import type { Condition, DetectionRule, Search, ValueTest } from '../../model/sigma.ts';
import { compileAnyLiteral, type PatternTest, splitLiterals } from './any-literal.ts';
import { keywordTest } from './keyword.ts';
import { type Sight, truthAtSight } from './sight.ts';
import { NO, type Subject, type Truth, UNKNOWN, YES } from './subject.ts';
import { compileLeafTest, compileValuesTest, fieldRefHolds, foldedOf, type PlainTest } from './value-test.ts';

export interface Program {
  (subject: Subject): Truth;
  /** What asking costs, by guess, in tests of a short text; 1 when not said. */
  readonly cost?: number;
}

/** What the scan settles costs next to nothing; what it may settle, half of what is asked otherwise. */
const COST = { sure: 0.05, likely: 0.5, literals: 2, regex: 4, other: 1 } as const;

function costing(cost: number, program: Program): Program {
  return Object.assign(program, { cost });
}

function costOf(program: Program): number {
  return program.cost ?? COST.other;
}

/** Cheapest first: with three truth values too, the order of a conjunction or a choice changes nothing but its cost. */
function cheapestFirst(items: readonly Program[]): readonly Program[] {
  return [...items].sort((one, other) => costOf(one) - costOf(other));
}

function costOfAll(items: readonly Program[]): number {
  return items.reduce((sum, item) => sum + costOf(item), 0);
}

/** Where a view's predicates live. */
export interface Workshop {
  slotOf(field: string): number;
  /** The predicate filed under this key, made on first need. */
  share(key: string, make: () => Program): Program;
  /** What the scan tells of a test of this field (undefined: of a keyword); undefined when nothing. */
  sightOf(field: string | undefined, test: ValueTest): Sight | undefined;
}

export function compileProgram(rule: DetectionRule, workshop: Workshop): Program {
  const searches = new Map<string, Program>();
  const named = (name: string): Program => {
    const known = searches.get(name);
    if (known !== undefined) return known;
    const search = rule.searches.get(name);
    const made: Program = search === undefined ? () => NO : compileSearch(search, workshop);
    searches.set(name, made);
    return made;
  };
  return any(rule.conditions.map((condition) => compileCondition(condition, named)));
}

function compileCondition(condition: Condition, named: (name: string) => Program): Program {
  switch (condition.kind) {
    case 'and':
      return all(condition.items.map((item) => compileCondition(item, named)));
    case 'or':
      return any(condition.items.map((item) => compileCondition(item, named)));
    case 'not':
      return not(compileCondition(condition.item, named));
    case 'ref':
      return named(condition.name);
    case 'of':
      return atLeast(
        condition.min === 'all' ? condition.names.length : condition.min,
        condition.names.map(named),
      );
  }
}

function compileSearch(search: Search, workshop: Workshop): Program {
  switch (search.kind) {
    case 'and':
      return all(search.items.map((item) => compileSearch(item, workshop)));
    case 'or':
      return any(search.items.map((item) => compileSearch(item, workshop)));
    case 'keywords':
      return quantified(
        search.quantifier,
        search.tests.map((test) => keywordPredicate(test, workshop)),
      );
    case 'field': {
      const held = fieldTests(search, workshop);
      return search.negated ? not(held) : held;
    }
  }
}

/** Plain literals of which any suffices are one predicate; every other test is one of its own. */
function fieldTests(search: FieldSearch, workshop: Workshop): Program {
  const { field, quantifier, tests } = search;
  const alone = (test: ValueTest): Program => fieldPredicate(field, test, workshop);
  if (quantifier === 'all' || tests.length < FEW) return quantified(quantifier, tests.map(alone));
  const { literals, others } = splitLiterals(tests);
  if (literals.length < FEW) return quantified(quantifier, tests.map(alone));
  return any([...literalPredicates(field, literals, workshop), ...others.map(alone)]);
}

type FieldSearch = Extract<Search, { kind: 'field' }>;

/** Under this many, one predicate each is better: they are shared between rules. */
const FEW = 4;

/** Literals that the scan settles, those it may rule out, and the rest: a predicate each. */
function literalPredicates(field: string, tests: readonly PatternTest[], workshop: Workshop): Program[] {
  const groups: Record<'settled' | 'doubtful' | 'rest', PatternTest[]> = {
    settled: [],
    doubtful: [],
    rest: [],
  };
  const ids: Record<'settled' | 'doubtful', number[]> = { settled: [], doubtful: [] };
  for (const test of tests) {
    const sight = workshop.sightOf(field, test);
    const group = sight === undefined ? 'rest' : sight.isExact ? 'settled' : 'doubtful';
    groups[group].push(test);
    if (group !== 'rest') ids[group].push(...(sight?.ids ?? []));
  }
  const programs: Program[] = [];
  for (const group of ['settled', 'doubtful'] as const) {
    if (groups[group].length === 0) continue;
    const sight = { ids: ids[group], isExact: group === 'settled' };
    programs.push(settledBy(sight, literalsPredicate(field, groups[group], workshop)));
  }
  if (groups.rest.length > 0) programs.push(literalsPredicate(field, groups.rest, workshop));
  return programs;
}

/** Asks the scan first, the value only when that does not tell. */
function settledBy(sight: Sight | undefined, program: Program): Program {
  if (sight === undefined) return program;
  return costing(sight.isExact ? COST.sure : COST.likely * costOf(program), (subject) => {
    const truth = truthAtSight(sight, subject);
    return truth === UNKNOWN ? program(subject) : truth;
  });
}

function literalsPredicate(field: string, literals: readonly PatternTest[], workshop: Workshop): Program {
  const slot = workshop.slotOf(field);
  return workshop.share(`${slot} any ${JSON.stringify(literals)}`, () => {
    const holds = compileAnyLiteral(literals);
    return costing(COST.literals, (subject) => {
      const value = subject.slot(slot);
      if (value === undefined) return UNKNOWN;
      for (const prepared of value.prepared)
        if (prepared.text !== undefined && holds(foldedOf(prepared))) return YES;
      return NO;
    });
  });
}

function quantified(quantifier: 'any' | 'all', items: readonly Program[]): Program {
  return quantifier === 'any' ? any(items) : all(items);
}

function all(given: readonly Program[]): Program {
  if (given.length === 1 && given[0] !== undefined) return given[0];
  const items = cheapestFirst(given);
  return costing(costOfAll(items), (subject) => {
    let result: Truth = YES;
    for (const item of items) {
      const truth = item(subject);
      if (truth === NO) return NO;
      if (truth === UNKNOWN) result = UNKNOWN;
    }
    return result;
  });
}

function any(given: readonly Program[]): Program {
  if (given.length === 1 && given[0] !== undefined) return given[0];
  const items = cheapestFirst(given);
  return costing(costOfAll(items), (subject) => {
    let result: Truth = NO;
    for (const item of items) {
      const truth = item(subject);
      if (truth === YES) return YES;
      if (truth === UNKNOWN) result = UNKNOWN;
    }
    return result;
  });
}

function not(item: Program): Program {
  return costing(costOf(item), (subject) => {
    const truth = item(subject);
    return truth === UNKNOWN ? UNKNOWN : truth === YES ? NO : YES;
  });
}

function atLeast(needed: number, items: readonly Program[]): Program {
  if (needed <= 0) return () => YES;
  if (needed === 1) return any(items);
  if (needed >= items.length) return needed > items.length ? () => NO : all(items);
  return costing(costOfAll(items), (subject) => {
    let held = 0;
    let open = 0;
    for (const item of items) {
      const truth = item(subject);
      if (truth === YES) held += 1;
      else if (truth === UNKNOWN) open += 1;
    }
    return held >= needed ? YES : held + open >= needed ? UNKNOWN : NO;
  });
}

function fieldPredicate(field: string, test: ValueTest, workshop: Workshop): Program {
  const slot = workshop.slotOf(field);
  if (test.op === 'fieldref') {
    const other = workshop.slotOf(test.field);
    return workshop.share(`${slot} ${other} ${JSON.stringify(test)}`, () => (subject) => {
      const left = subject.slot(slot);
      const right = subject.slot(other);
      if (left === undefined || right === undefined) return UNKNOWN;
      return fieldRefHolds(test, left.prepared, right.prepared) ? YES : NO;
    });
  }
  const looked = workshop.share(`${slot} ${JSON.stringify(test)}`, () => valuesPredicate(slot, test));
  return settledBy(workshop.sightOf(field, test), looked);
}

function valuesPredicate(slot: number, test: PlainTest): Program {
  const holds = compileValuesTest(test);
  return costing(test.op === 'regex' ? COST.regex : COST.other, (subject) => {
    const value = subject.slot(slot);
    if (value === undefined) return UNKNOWN;
    return holds(value.values, value.prepared) ? YES : NO;
  });
}

function keywordPredicate(test: ValueTest, workshop: Workshop): Program {
  if (test.op === 'fieldref') return () => NO;
  const looked = workshop.share(`* ${JSON.stringify(test)}`, () => {
    const leafTest = compileLeafTest(keywordTest(test));
    return leafTest === undefined ? () => NO : (subject) => subject.anywhere(leafTest);
  });
  return settledBy(workshop.sightOf(undefined, test), looked);
}

/** A program that runs at most once per event. */
export function oncePerEvent(program: Program): Program {
  let serial = -1;
  let truth: Truth = NO;
  return costing(costOf(program), (subject) => {
    if (subject.serial !== serial) {
      truth = program(subject);
      serial = subject.serial;
    }
    return truth;
  });
}
