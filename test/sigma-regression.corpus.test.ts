/** SigmaHQ's 121 regression cases, from JSON and from EVTX, with every SigmaHQ rule loaded. */
import { describe, expect, it } from 'vitest';
import { corpusDir } from './corpus.ts';
import { createRegression, readCases } from './sigma-regression.ts';

const corpus = corpusDir();

/** Captures that hold more matching records than their `match_count` of 1 says (rule id → records, looked at one by one). */
const MORE_RECORDS: Readonly<Record<string, { readonly json: number; readonly evtx: number }>> = {
  // procdump.exe, procdump64.exe and procdump64a.exe written one after the other
  '8fbf3271-1ef6-4e94-8210-03c2317947f6': { json: 3, evtx: 3 },
  // AutoShareServer, then AutoShareWks
  'c7dcacd0-cc59-4004-b0a4-1d6cdebe6f3e': { json: 2, evtx: 2 },
};

describe.skipIf(corpus === undefined)('SigmaHQ regression', () => {
  const cases = corpus === undefined ? [] : readCases(corpus);
  const regression = corpus === undefined ? undefined : createRegression(corpus);

  it('has all its cases', () => expect(cases).toHaveLength(121));
  for (const kind of ['json', 'evtx'] as const) {
    const withFile = cases.filter((one) => one[kind] !== undefined);
    it.each(withFile)(`${kind}: $title`, (one) => {
      const found = regression?.matches(one, one[kind] ?? '');
      const expected = MORE_RECORDS[one.ruleId]?.[kind] ?? one.expected;
      if (expected === undefined) expect(found).toBeGreaterThan(0);
      else expect(found).toBe(expected);
    });
  }
});
