/**
 * Says why a rule matched an event: the fields whose values positively decided, with the part of the value that did,
 * for highlighting. Run on matches only, so it walks the rule afresh instead of burdening the matcher. What decided by
 * absence (`not filter`, null) is not listed.
 */
import type { Event, LogSourceBinding } from '../../model/event.ts';
import type { Condition, DetectionRule, Search, ValueTest } from '../../model/sigma.ts';
import type { Deciding } from '../../model/signal.ts';
import { bindingsFor } from './applies.ts';
import { keywordTest } from './keyword.ts';
import {
  compileLeafTest,
  compileValuesTest,
  findFieldRef,
  type LeafTest,
  type PlainTest,
  prepare,
  type Span,
} from './value-test.ts';
import { everyLeaf, type Leaf, leafText, ownName, readValues } from './values.ts';

/** Fields are named as the event names them; keywords that stood in the record's text are under this name. */
const TEXT_FIELD = 'text';

interface Reading {
  readonly rule: DetectionRule;
  readonly event: Event;
  readonly binding: LogSourceBinding;
}

/** What was found on the way; `undefined` instead of a list means the part does not hold. */
type Found = readonly Deciding[] | undefined;

/** The deciding fields, each (field, value, span) once; empty when the rule does not match. */
export function explain(rule: DetectionRule, event: Event): Deciding[] {
  for (const binding of bindingsFor(rule.logsource, event.kind)) {
    const reading = { rule, event, binding };
    for (const condition of rule.conditions) {
      const found = ofCondition(condition, reading);
      if (found !== undefined) return distinct(found);
    }
  }
  return [];
}

function distinct(found: readonly Deciding[]): Deciding[] {
  const keyOf = ({ field, value, span }: Deciding): string => JSON.stringify([field, value, span]);
  return [...new Map(found.map((item) => [keyOf(item), item])).values()];
}

function ofCondition(condition: Condition, reading: Reading): Found {
  switch (condition.kind) {
    case 'and':
      return every(condition.items, (item) => ofCondition(item, reading));
    case 'or':
      return some(condition.items, (item) => ofCondition(item, reading));
    case 'not':
      return ofCondition(condition.item, reading) === undefined ? [] : undefined;
    case 'ref':
      return ofNamed(condition.name, reading);
    case 'of': {
      const held = condition.names
        .map((name) => ofNamed(name, reading))
        .filter((found) => found !== undefined);
      const needed = condition.min === 'all' ? condition.names.length : condition.min;
      return held.length >= needed ? held.flat() : undefined;
    }
  }
}

function ofNamed(name: string, reading: Reading): Found {
  const search = reading.rule.searches.get(name);
  return search === undefined ? undefined : ofSearch(search, reading);
}

function ofSearch(search: Search, reading: Reading): Found {
  switch (search.kind) {
    case 'and':
      return every(search.items, (item) => ofSearch(item, reading));
    case 'or':
      return some(search.items, (item) => ofSearch(item, reading));
    case 'keywords':
      return quantified(search.quantifier, search.tests, (test) => ofKeyword(test, reading.event));
    case 'field': {
      const field = ownName(reading.binding, search.field);
      const found = quantified(search.quantifier, search.tests, (test) => ofTest(test, field, reading));
      if (search.negated) return found === undefined ? [] : undefined;
      return found;
    }
  }
}

function every<T>(items: readonly T[], read: (item: T) => Found): Found {
  const all: Deciding[] = [];
  for (const item of items) {
    const found = read(item);
    if (found === undefined) return undefined;
    all.push(...found);
  }
  return all;
}

function some<T>(items: readonly T[], read: (item: T) => Found): Found {
  for (const item of items) {
    const found = read(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function quantified<T>(quantifier: 'any' | 'all', items: readonly T[], read: (item: T) => Found): Found {
  return quantifier === 'any' ? some(items, read) : every(items, read);
}

function ofTest(test: ValueTest, field: string, reading: Reading): Found {
  const values = readValues(reading.event, field);
  if (test.op === 'fieldref') {
    const others = readValues(reading.event, ownName(reading.binding, test.field)).leaves.map(prepare);
    return firstLeaf(values.leaves, field, (leaf) => findFieldRef(test, prepare(leaf), others));
  }
  const leafTest = leafTestOf(test);
  if (leafTest !== undefined) return firstLeaf(values.leaves, field, (leaf) => spanOfTest(test, leaf));
  if (!compileValuesTest(test)(values, [])) return undefined;
  const shown = leafText(values.leaves[0] ?? null);
  return values.present && shown !== undefined ? [{ field, value: shown }] : [];
}

/** The same tests decide event after event; compiling one costs more than running it. */
const compiled = new WeakMap<PlainTest, LeafTest>();

function leafTestOf(test: PlainTest): LeafTest | undefined {
  const known = compiled.get(test);
  if (known !== undefined) return known;
  const made = compileLeafTest(test);
  if (made !== undefined) compiled.set(test, made);
  return made;
}

/** Where in the leaf's text the test held; the whole text when no part of it can be named. */
function spanOfTest(test: PlainTest, leaf: Leaf): Span | undefined {
  const leafTest = leafTestOf(test);
  const text = leafText(leaf) ?? '';
  if (leafTest?.test(prepare(leaf)) !== true) return undefined;
  return leafTest.find?.(text) ?? [0, text.length];
}

function firstLeaf(leaves: readonly Leaf[], field: string, find: (leaf: Leaf) => Span | undefined): Found {
  for (const leaf of leaves) {
    const span = find(leaf);
    if (span !== undefined) return [decided(field, leafText(leaf) ?? '', span)];
  }
  return undefined;
}

function decided(field: string, value: string, span: Span): Deciding {
  return span[0] === 0 && span[1] === value.length ? { field, value } : { field, value, span };
}

function ofKeyword(test: ValueTest, event: Event): Found {
  if (test.op === 'fieldref') return undefined;
  const wanted = keywordTest(test);
  const leafTest = leafTestOf(wanted);
  if (leafTest === undefined) return undefined;
  for (const field of Object.keys(event.fields)) {
    const held: Leaf[] = [];
    everyLeaf(event.fields[field], (leaf) => leafTest.test(prepare(leaf)) && held.push(leaf) > 0);
    const found = firstLeaf(held, field, (leaf) => spanOfTest(wanted, leaf));
    if (found !== undefined) return found;
  }
  if (event.text === undefined) return undefined;
  return firstLeaf([event.text], TEXT_FIELD, (leaf) => spanOfTest(wanted, leaf));
}
