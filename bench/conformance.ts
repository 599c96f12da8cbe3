/** Sigma conformance: how many SigmaHQ rules load, and how many of its regression cases match, from JSON and EVTX. */
import { createRegression, readCases } from '../test/sigma-regression.ts';
import type { Figure } from './figure.ts';

export async function run(corpus: string): Promise<readonly Figure[]> {
  const cases = readCases(corpus);
  const begun = performance.now();
  const regression = createRegression(corpus);
  const loadMillis = performance.now() - begun;
  const figures: Figure[] = [
    {
      name: 'SigmaHQ rules loaded (main, emerging, hunting)',
      value: regression.rules,
      unit: 'rules',
      target: '3,754',
    },
    { name: 'refused', value: regression.refused.length, unit: 'rules' },
    { name: 'read, parse and compile them', value: loadMillis, unit: 'ms' },
  ];
  for (const kind of ['json', 'evtx'] as const) {
    const withFile = cases.filter((one) => one[kind] !== undefined);
    const matched = withFile.filter((one) => regression.matches(one, one[kind] ?? '') > 0).length;
    const target = `${withFile.length} of ${cases.length} cases have such a file`;
    figures.push({ name: `regression cases matched, from ${kind}`, value: matched, unit: 'cases', target });
  }
  return figures;
}
