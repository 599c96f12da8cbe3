/**
 * Correlation at size: a million matches through 50 correlation rules of all types and 100,000 groups, in time order
 * and shuffled within the lateness allowed; both must give the same result. Runnable alone: `node bench/correlate.ts`.
 */
import { pathToFileURL } from 'node:url';
import type { CorrelationRule } from '../src/model/sigma.ts';
import {
  type CorrelationInput,
  type CorrelationMatch,
  createCorrelator,
  loadRules,
} from '../src/sigma/index.ts';
import type { Figure } from './figure.ts';

const EVENTS = 1_000_000;
const GROUPS = 100_000;
const RULES = 50;
const BASES = 25;
const LATENESS_SECONDS = 300;

const CONDITIONS: readonly (readonly [string, string])[] = [
  ['event_count', 'condition: {gte: 5}'],
  ['value_count', 'condition: {field: Value, gte: 4}'],
  ['value_sum', 'condition: {field: Value, gt: 3000}'],
  ['value_avg', 'condition: {field: Value, gt: 900}'],
  ['value_percentile', 'condition: {field: Value, percentile: 90, gt: 990}'],
  ['temporal', ''],
  ['temporal_ordered', ''],
  ['event_count', 'condition: {eq: 3}'],
];

function ruleText(index: number): string {
  const [type, condition] = CONDITIONS[index % CONDITIONS.length] as readonly [string, string];
  const first = index % BASES;
  const parts = type.startsWith('temporal') ? [first, (first + 7) % BASES, (first + 13) % BASES] : [first];
  const rules = parts.map((part) => `base_${part}`).join(', ');
  return `title: c${index}\nid: c${index}\ncorrelation:\n  type: ${type}\n  rules: [${rules}]\n  group-by: [User]\n  timespan: 60m\n  ${condition}\n`;
}

function rulesUnderTest(): CorrelationRule[] {
  const bases = Array.from(
    { length: BASES },
    (_, index) =>
      `title: b${index}\nid: b${index}\nname: base_${index}\nlogsource: {product: windows}\ndetection: {s: {A: 1}, condition: s}\n`,
  );
  const text = [...bases, ...Array.from({ length: RULES }, (_, index) => ruleText(index))].join('---\n');
  return loadRules([{ path: 'bench.yml', text }]).rules.filter((rule) => rule.kind === 'correlation');
}

/** A small linear congruential generator: the same events in every run. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Half of the events fall on 1 % of the groups, as in real logs. Two hours of events. */
function makeInputs(): CorrelationInput[] {
  const random = createRandom(42);
  return Array.from({ length: EVENTS }, (_, order) => {
    const isBusy = random() < 0.5;
    const user = `user${Math.floor(random() * (isBusy ? GROUPS / 100 : GROUPS))}`;
    const value = String(Math.floor(random() * 1000));
    return {
      ruleId: `b${Math.floor(random() * BASES)}`,
      atMicros: order * 7_200,
      groupValue: (field: string) => (field === 'User' ? user : value),
      ref: order,
      order,
    };
  });
}

/** Moves every event by less than the lateness: an order that could really arrive. */
function shuffled(inputs: readonly CorrelationInput[]): CorrelationInput[] {
  const random = createRandom(7);
  return inputs
    .map((input) => ({ input, arrives: (input.atMicros ?? 0) + random() * LATENESS_SECONDS * 1e6 }))
    .sort((left, right) => left.arrives - right.arrives)
    .map(({ input }) => input);
}

interface Outcome {
  readonly seconds: number;
  readonly peakBytes: number;
  readonly matches: readonly CorrelationMatch[];
  readonly lost: number;
}

/** Typed arrays lie outside the heap. */
function bytesUsed(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function correlate(rules: readonly CorrelationRule[], inputs: readonly CorrelationInput[]): Outcome {
  const before = bytesUsed();
  let peakBytes = 0;
  const startedAt = performance.now();
  const correlator = createCorrelator(rules, { latenessSeconds: LATENESS_SECONDS });
  const matches: CorrelationMatch[] = [];
  for (const [index, input] of inputs.entries()) {
    correlator.push(input);
    if (index % 100_000 === 0) {
      peakBytes = Math.max(peakBytes, bytesUsed() - before);
      matches.push(...correlator.take());
    }
  }
  correlator.flush();
  for (const match of correlator.take()) matches.push(match);
  const seconds = (performance.now() - startedAt) / 1000;
  return { seconds, peakBytes, matches, lost: correlator.issues().length };
}

function fingerprint(matches: readonly CorrelationMatch[]): string {
  return JSON.stringify(
    matches.map(({ rule, group, value, atMicros, refs }) => [rule.id, group, value, atMicros, refs]).sort(),
  );
}

export async function run(): Promise<readonly Figure[]> {
  const rules = rulesUnderTest();
  const inputs = makeInputs();
  const inOrder = correlate(rules, inputs);
  const outOfOrder = correlate(rules, shuffled(inputs));
  const isSame = fingerprint(inOrder.matches) === fingerprint(outOfOrder.matches);
  return [
    {
      name: `events in time order, ${rules.length} rules, 100,000 groups`,
      value: EVENTS / inOrder.seconds,
      unit: 'events/s',
    },
    {
      name: `events shuffled within ${LATENESS_SECONDS} s`,
      value: EVENTS / outOfOrder.seconds,
      unit: 'events/s',
    },
    {
      name: 'memory added at most (sampled heap and typed arrays)',
      value: inOrder.peakBytes / 2 ** 20,
      unit: 'MiB',
    },
    { name: 'correlation matches', value: inOrder.matches.length, unit: 'matches' },
    { name: 'losses reported', value: inOrder.lost, unit: 'issues', target: '0' },
    { name: 'same result in both orders', value: isSame ? 1 : 0, unit: '(1 = yes)', target: '1' },
  ];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const { name, value, unit } of await run())
    console.log(`${name}: ${value.toLocaleString('en')} ${unit}`);
}
