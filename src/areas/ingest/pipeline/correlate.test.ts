/** Correlations live: what comes to hold is a signal of its batch, once, also across a stop; other clocks do not disturb. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CorrelationRule } from '../../../model/sigma.ts';
import { loadRules } from '../../../sigma/index.ts';
import { temporaryDirectory } from '../spool/testing/harness.ts';
import type { Batch } from './batch.ts';
import { openCorrelation } from './correlate.ts';
import type { BaseMatch } from './protocol.ts';

const RULES = `
title: Refused
id: 00000000-0000-4000-8000-000000000001
name: refused
logsource: { product: linux }
detection: { selection: { a: b }, condition: selection }
---
title: Many refused
id: 00000000-0000-4000-8000-000000000002
correlation: { type: event_count, rules: [refused], group-by: [source.ip], timespan: 5m, condition: { gte: 3 } }
level: high
`;
const { rules } = loadRules([{ path: 'rules.yml', text: RULES }]);
const correlations = rules.filter((rule): rule is CorrelationRule => rule.kind === 'correlation');
const NOW = Date.parse('2026-11-26T02:00:00Z');
const NONE = { bytes: new Uint8Array(0), count: 0 };

const match = (seq: number, atSeconds: number, receivedSeconds = atSeconds): BaseMatch => ({
  ruleId: '00000000-0000-4000-8000-000000000001',
  atMicros: (NOW + atSeconds * 1000) * 1000,
  receivedAtMillis: NOW + receivedSeconds * 1000,
  values: { 'source.ip': '203.0.113.7' },
  ref: { node: 1, seq },
  host: 'gw',
  account: '',
});

function batchOf(seq: number, receivedSeconds: number, matches: readonly BaseMatch[]): Batch {
  const receivedAtMillis = NOW + receivedSeconds * 1000;
  return {
    limits: { firstSeq: seq, lastSeq: seq },
    events: NONE,
    signals: NONE,
    deadLetters: NONE,
    matches,
    frameBytes: 0,
    records: matches.length,
    firstReceivedAtMillis: receivedAtMillis,
    lastReceivedAtMillis: receivedAtMillis,
  };
}

let directory = temporaryDirectory();
beforeEach(() => {
  directory = temporaryDirectory();
});
afterEach(() => directory.remove());

const signalsOf = (batch: Batch): string[] =>
  Buffer.from(batch.signals.bytes)
    .toString()
    .split('\n')
    .filter((row) => row !== '');

describe('live correlation', () => {
  it('signals once what comes to hold over several batches and a stop', async () => {
    const first = await openCorrelation({ directory: directory.path, committedSeq: 0, rules: correlations });
    const early = await first.complete(batchOf(1, 1, [match(10, 0), match(11, 1)]));
    expect(early.signals.count).toBe(0);
    // Fed, but its batch is never stored: it comes again.
    await first.complete(batchOf(2, 2, [match(12, 2)]));
    await first.close();
    const second = await openCorrelation({ directory: directory.path, committedSeq: 1, rules: correlations });
    const again = await second.complete(batchOf(2, 2, [match(12, 2)]));
    const later = await second.complete(batchOf(3, 100, []));
    expect([...signalsOf(again), ...signalsOf(later)]).toHaveLength(1);
    expect(signalsOf(later)[0]).toContain('[10,11,12]');
    await second.close();
    const third = await openCorrelation({ directory: directory.path, committedSeq: 3, rules: correlations });
    expect((await third.complete(batchOf(4, 200, []))).signals.count).toBe(0);
    await third.close();
  });

  it('is not held up by a clock in the future, and correlates what comes late among itself', async () => {
    const live = await openCorrelation({ directory: directory.path, committedSeq: 0, rules: correlations });
    await live.complete(batchOf(1, 0, [match(1, 86_400, 0)]));
    await live.complete(batchOf(2, 3, [match(2, 1), match(3, 2), match(4, 3)]));
    expect((await live.complete(batchOf(3, 60, []))).signals.count).toBe(1);
    const late = [5, 6, 7].map((seq) => match(seq, -86_400 + seq, 61));
    await live.complete(batchOf(4, 61, late));
    const idle = await live.complete(batchOf(5, 1_000, []));
    expect(idle.signals.count).toBe(0);
    await live.close();
  });
});
