/**
 * The bytes path against the reference: on random rules, records and JSON spellings, every line that the reference
 * matches is a candidate; and captures and kinds are those of the parsed record.
 */
import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event, EventKind, Fields } from '../../model/event.ts';
import type { JsonClassifier, JsonLayout } from '../../model/layout.ts';
import type { DetectionRule, Search } from '../../model/sigma.ts';
import { compileRules } from '../match/compile.ts';
import { createMatcher } from '../match/matcher.ts';
import { referenceMatches } from '../match/reference.ts';
import { fields, KINDS, rule, text } from '../match/rules.arbitrary.ts';
import { createBytesFilter, UNTOLD } from './filter.ts';
import { spell, spelling } from './json.arbitrary.ts';

const RUNS = { seed: 20261124, numRuns: 1500 };
/** Each case compiles a set of its own, with its memory: 12 s alone, more on a busy machine. */
const LONGEST_MILLIS = 120_000;

/** Records lie flat, or under `event` in an envelope; the key `kind` names the kind. */
const FLAT: JsonLayout = { id: 'flat', ownName: (path) => path.join('.') };
const WRAPPED: JsonLayout = {
  id: 'wrapped',
  ownName: (path) => (path[0] === 'event' && path.length > 1 ? path.slice(1).join('.') : undefined),
};
const classifier: JsonClassifier = {
  keyNames: ['kind'],
  layoutOf: (paths) => (paths.includes('event') ? WRAPPED : paths.includes('kind') ? FLAT : undefined),
  kindOf: (_layout, [name]) => KINDS.find((kind) => kind.sourceId === name),
};

function eventOf(record: Fields, kind: EventKind, line: string): Event {
  const own = 'event' in record ? (record.event as Fields) : record;
  return {
    kind,
    time: undefined,
    ecs: kind.ecsNames.includes('host.name') ? { 'host.name': 'cmd.exe' } : {},
    fields: own,
    origin: { path: '-', offset: 0 },
    format: 'json',
    text: line,
  };
}

const lineCase = fc
  .record({
    fields,
    kind: fc.constantFrom(...KINDS),
    choices: spelling,
    isWrapped: fc.boolean(),
    isTwice: fc.nat(9).map((n) => n === 0),
    extra: text,
  })
  .map(({ fields: own, kind, choices, isWrapped, isTwice, extra }) => {
    const inner = { ...own, kind: kind.sourceId };
    const record = isWrapped ? { extra, event: inner } : inner;
    const line = spell(record, choices, isTwice);
    return { line, event: eventOf(JSON.parse(line) as Fields, kind, line) };
  });

describe('the bytes filter', () => {
  it('lets through every line that matches, and few others', { timeout: LONGEST_MILLIS }, () => {
    const counts = { lines: 0, candidates: 0, matched: 0 };
    fc.assert(
      fc.property(
        fc.array(rule, { minLength: 1, maxLength: 3 }),
        fc.array(lineCase, { minLength: 1, maxLength: 6 }),
        (rules, cases) => checkLines(rules, cases, counts),
      ),
      RUNS,
    );
    expect(counts.matched).toBeGreaterThan(600);
    expect(counts.lines - counts.candidates).toBeGreaterThan(600);
  });

  it('never throws, and calls cut lines candidates', () => {
    const filter = createBytesFilter(compileRules([]), classifier);
    fc.assert(
      fc.property(lineCase, fc.nat(), fc.nat(255), ({ line }, place, byte) => {
        const bytes = Buffer.from(line);
        bytes[place % bytes.length] = byte;
        filter.scan(bytes, 0, bytes.length);
        const cut = Buffer.from(line.trimEnd()).subarray(0, -1);
        expect(filter.scan(cut, 0, cut.length)).toBe(true);
      }),
      RUNS,
    );
  });
});

describe('a line that is no sound JSON in UTF-8', () => {
  const filter = createBytesFilter(compileRules([]), classifier);
  const scan = (line: string, encoding: 'utf8' | 'latin1' = 'utf8'): boolean => {
    const bytes = Buffer.from(` ${line}`, encoding);
    return filter.scan(bytes, 1, bytes.length);
  };

  it('is a candidate, as it is read otherwise or not at all', () => {
    expect(scan('{"kind":"one","User":"andr\u00e9"}')).toBe(false);
    expect(scan('{"kind":"one","User":"andr\u00e9"}', 'latin1')).toBe(true);
    expect(scan('{"kind":"one","User":"a\tb"}')).toBe(true);
    expect(scan('{"kind":"one","EventID":\\u0031}')).toBe(true);
    expect(scan('{"kind":"one","User":"\\u0031"}')).toBe(false);
  });

  it('may have blanks of any sort between its parts', () => {
    expect(scan('{"kind":\t"one",\r"User": "a" }\r')).toBe(false);
  });
});

it('finds keywords in numbers that are spelt otherwise than they are read', () => {
  const pattern = [{ wild: 'many' as const }, '1000', { wild: 'many' as const }];
  const keywords: Search = {
    kind: 'keywords',
    quantifier: 'any',
    tests: [{ op: 'pattern', pattern, cased: false }],
    place: {},
  };
  const [any] = fc.sample(rule, { seed: 1, numRuns: 1 });
  const searches = new Map([['one', keywords]]);
  const conditions = [{ kind: 'ref' as const, name: 'one' }];
  const set = compileRules([{ ...(any as DetectionRule), logsource: {}, searches, conditions }]);
  const filter = createBytesFilter(set, classifier);
  const scan = (value: string): boolean => {
    const bytes = Buffer.from(`{"kind":"one","Other":${value}}`);
    return filter.scan(bytes, 0, bytes.length);
  };
  for (const value of ['1e3', '1E+3', '[1e3]', '[{"a":"]","b":1e3}]', '1000', '"1000"'])
    expect(scan(value)).toBe(true);
  for (const value of ['1.0', '100', '-0.5', '12345678901234567890', '["1e3"]', '[2.50]'])
    expect(scan(value)).toBe(false);
});

it('reads numbers as the parser does, to tell the kind and as captures', () => {
  const numbered: JsonClassifier = {
    ...classifier,
    kindOf: (_layout, [id]) => (id === '4624' ? KINDS[0] : undefined),
  };
  const filter = createBytesFilter(compileRules([]), numbered, ['id']);
  const told = (id: string): unknown => {
    const bytes = Buffer.from(`{"kind":${id},"id":${id}}`);
    filter.scan(bytes, 0, bytes.length);
    return [filter.kind() === KINDS[0], filter.capture(0)];
  };
  expect(told('4624')).toEqual([true, 4624]);
  expect(told('"4624"')).toEqual([true, '4624']);
  expect(told('4624.0')).toEqual([true, 4624]);
  expect(told('4.624e3')).toEqual([true, 4624]);
  const long = createBytesFilter(compileRules([]), classifier, ['id']);
  const bytes = Buffer.from('{"kind":"one","id":9007199254740993}');
  long.scan(bytes, 0, bytes.length);
  expect(long.capture(0)).toBe('9007199254740993');
});

function checkLines(
  rules: readonly DetectionRule[],
  cases: readonly { line: string; event: Event }[],
  counts: { lines: number; candidates: number; matched: number },
): void {
  const set = compileRules(rules);
  const filter = createBytesFilter(set, classifier, ['CommandLine']);
  const { match } = createMatcher(set);
  const buffer = Buffer.from(cases.map(({ line }) => line).join('\n'));
  let start = 0;
  for (const { line, event } of cases) {
    const end = start + Buffer.byteLength(line);
    const isCandidate = filter.scan(buffer, start, end);
    const expected = rules.filter((each) => referenceMatches(each, event));
    if (expected.length > 0) expect({ line, isCandidate }).toEqual({ line, isCandidate: true });
    expect(match(event)).toEqual(expected);
    const suspects = filter.suspects();
    if (suspects !== undefined) expect(match(event, suspects)).toEqual(expected);
    if (filter.kind() !== undefined) {
      expect(filter.kind()).toBe(event.kind);
      const value = event.fields.CommandLine;
      expect(filter.capture(0)).toBe(typeof value === 'object' && value !== null ? UNTOLD : value);
      const isInteger = typeof value === 'string' && /^\d{1,15}$/.test(value);
      // A number may be spelt otherwise, as 1.0 is.
      const told = typeof value === 'number' ? [value, undefined] : [isInteger ? Number(value) : undefined];
      expect(told).toContain(filter.integer(0));
    }
    counts.lines += 1;
    counts.candidates += isCandidate ? 1 : 0;
    counts.matched += expected.length;
    start = end + 1;
  }
}
