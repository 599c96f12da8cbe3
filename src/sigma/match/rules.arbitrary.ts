/**
 * Random rules and events for property tests, from a small vocabulary so that they often meet: case pairs, letters
 * whose case is a trap, escapes, numbers as text, lists, nesting, missing fields.
 */
import fc from 'fast-check';
import type { Event, EventKind, Fields, FieldValue, LogSource } from '../../model/event.ts';
import {
  type Condition,
  type DetectionRule,
  MANY,
  type Pattern,
  type Search,
  type ValueTest,
} from '../../model/sigma.ts';

const FRAGMENTS = [
  ...['cmd', 'CMD', '.exe', '\\', '/', '"', ' ', '\n', '\t', 'a', 'A', 'b', 'n', 'u', '0', '4625', '1', '-'],
  ...[
    'é',
    'É',
    'ß',
    'K',
    'k',
    'ı',
    'İ',
    'µ',
    'ς',
    'Σ',
    '😀',
    '\u0001',
    '\ud83d',
    'powershell',
    'WHOAMI /all',
  ],
  ...['10.1.2.3', '::ffff:10.1.2.3', 'fe80::1', '2024-02-29T10:11:12Z', '0x1f', 'true', '*', '?', ''],
];
export const text = fc
  .array(fc.constantFrom(...FRAGMENTS), { maxLength: 5 })
  .map((fragments) => fragments.join(''));

const FIELDS = [
  'Image',
  'CommandLine',
  'Renamed',
  'a.b',
  'a.b.c',
  'dotted.key',
  'EventID',
  'host.name',
  '@timestamp',
];
const field = fc.constantFrom(...FIELDS);

const scalar: fc.Arbitrary<FieldValue> = fc.oneof(
  { weight: 6, arbitrary: text },
  { weight: 2, arbitrary: fc.constantFrom<FieldValue>(1, 4625, 0, -1.5, 31, true, false, null, 1e21) },
  { weight: 1, arbitrary: fc.integer() },
);
const listed: fc.Arbitrary<FieldValue> = fc.array(scalar, { maxLength: 3 });
const value = fc.oneof({ weight: 6, arbitrary: scalar }, { weight: 1, arbitrary: listed });

/** Nested under `a` in several shapes, whole dotted keys too. */
const nested: fc.Arbitrary<FieldValue> = fc.oneof(
  value,
  fc.record({
    b: fc.oneof(value, fc.record({ c: value }), fc.array(fc.record({ c: value }), { maxLength: 2 })),
  }),
  fc.array(fc.record({ b: value }), { maxLength: 2 }),
);

export const fields: fc.Arbitrary<Fields> = fc
  .record(
    {
      Image: value,
      CommandLine: value,
      Other: value,
      a: nested,
      'a.b': value,
      'dotted.key': value,
      EventID: fc.oneof(value, fc.constantFrom(1, 4625, '1', '4625')),
      '@timestamp': fc.constantFrom('2024-02-29T10:11:12Z', 'cmd'),
      __proto: value,
    },
    { requiredKeys: [] },
  )
  .map((record) => record as Fields);

export const KINDS: readonly EventKind[] = [
  { sourceId: 'none', sourceVersion: 1, bindings: [], ecsNames: [] },
  {
    sourceId: 'one',
    sourceVersion: 1,
    bindings: [{ product: 'windows', service: 'security', rename: { Renamed: 'Image' } }],
    ecsNames: ['host.name', 'Renamed'],
  },
  {
    sourceId: 'two',
    sourceVersion: 1,
    bindings: [
      { product: 'windows', category: 'process_creation', rename: { Image: 'CommandLine', Renamed: 'a.b' } },
      { product: 'Windows', service: 'sysmon', rename: {} },
    ],
    ecsNames: ['host.name'],
  },
];

const instant = { epochMicros: 0, iso: '2024-02-29T10:11:12Z', assumed: [] };

export const event: fc.Arbitrary<Event> = fc
  .record({
    fields,
    kind: fc.constantFrom(...KINDS),
    host: fc.option(text),
    raw: fc.option(text),
    timed: fc.boolean(),
  })
  .map(({ fields: own, kind, host, raw, timed }) => ({
    kind,
    time: timed ? instant : undefined,
    ecs: host === null || !kind.ecsNames.includes('host.name') ? {} : { 'host.name': host },
    fields: own,
    origin: { path: '-', offset: 0 },
    format: 'json',
    ...(raw === null ? {} : { text: raw }),
  }));

const pattern: fc.Arbitrary<Pattern> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: text.filter((piece) => piece !== '') },
    { weight: 2, arbitrary: fc.constant(MANY) },
    { weight: 1, arbitrary: fc.constant({ wild: 'one' } as const) },
  ),
  { maxLength: 4 },
);
const contains = text.filter((piece) => piece !== '').map((piece): Pattern => [MANY, piece, MANY]);

const patternTest = fc.record({
  op: fc.constant('pattern' as const),
  pattern: fc.oneof(pattern, contains),
  cased: fc.boolean(),
});

const test: fc.Arbitrary<ValueTest> = fc.oneof(
  { weight: 12, arbitrary: patternTest },
  fc.constantFrom<ValueTest>(
    { op: 'regex', source: 'c.d', flags: 'i' },
    { op: 'regex', source: '^(a+)+$', flags: '' },
    { op: 'cidr', network: '10.0.0.0', prefix: 8 },
    { op: 'cidr', network: 'fe80::', prefix: 10 },
    { op: 'compare', than: 'gte', value: 31 },
    { op: 'compare', than: 'lt', value: 1 },
    { op: 'number', value: 4625 },
    { op: 'number', value: 1 },
    { op: 'number', value: 1e21 },
    { op: 'boolean', value: true },
    { op: 'null' },
    { op: 'empty' },
    { op: 'exists', value: true },
    { op: 'exists', value: false },
    { op: 'time-part', part: 'week', value: 9 },
  ),
  fc.record({
    op: fc.constant('fieldref' as const),
    field,
    mode: fc.constantFrom('equals' as const, 'contains' as const, 'startswith' as const, 'endswith' as const),
    cased: fc.boolean(),
  }),
);

const quantifier = fc.constantFrom('any' as const, 'all' as const);
const fieldSearch: fc.Arbitrary<Search> = fc.record({
  kind: fc.constant('field' as const),
  field,
  quantifier,
  negated: fc.boolean().map((flag) => flag && true),
  tests: fc.array(test, { minLength: 0, maxLength: 7 }),
  place: fc.constant({}),
});
const keywordSearch: fc.Arbitrary<Search> = fc.record({
  kind: fc.constant('keywords' as const),
  quantifier,
  tests: fc.array(test, { minLength: 1, maxLength: 3 }),
  place: fc.constant({}),
});

const { search } = fc.letrec<{ search: Search }>((tie) => ({
  search: fc.oneof(
    { maxDepth: 2, depthIdentifier: 'search' },
    { weight: 5, arbitrary: fieldSearch },
    { weight: 1, arbitrary: keywordSearch },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constantFrom('and' as const, 'or' as const),
        items: fc.array(tie('search'), { maxLength: 3 }),
      }),
    },
  ),
}));

const NAMES = ['one', 'two', 'three'] as const;
const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 2, depthIdentifier: 'condition' },
    { weight: 4, arbitrary: fc.constantFrom(...NAMES).map((name): Condition => ({ kind: 'ref', name })) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('of' as const),
        min: fc.constantFrom<number | 'all'>(1, 2, 'all'),
        names: fc.subarray([...NAMES], { minLength: 1 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constantFrom('and' as const, 'or' as const),
        items: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }),
      }),
    },
    { weight: 1, arbitrary: tie('condition').map((item): Condition => ({ kind: 'not', item })) },
  ),
}));

const logsource: fc.Arbitrary<LogSource> = fc.constantFrom<LogSource>(
  {},
  { product: 'windows' },
  { product: 'windows', service: 'sysmon' },
  { category: 'process_creation' },
  { product: 'linux' },
);

export const rule: fc.Arbitrary<DetectionRule> = fc
  .record({
    logsource,
    searches: fc.tuple(search, search, search),
    conditions: fc.array(condition, { minLength: 1, maxLength: 2 }),
  })
  .map((parts) => ruleOf(parts));

function ruleOf(parts: {
  logsource: LogSource;
  searches: readonly Search[];
  conditions: readonly Condition[];
}): DetectionRule {
  return {
    kind: 'detection',
    id: 'random',
    title: 'random',
    level: 'low',
    tags: [],
    references: [],
    falsepositives: [],
    fields: [],
    custom: {},
    place: {},
    logsource: parts.logsource,
    searches: new Map(NAMES.map((name, index) => [name, parts.searches[index] as Search])),
    conditions: parts.conditions,
    generates: true,
  };
}
