/** What retention deletes, and what it must leave. */
import { describe, expect, it } from 'vitest';
import type { PartitionAge } from '../../model/live/storage.ts';
import { planRetention } from './retention.ts';
import { checkRetention } from './retention-bounds.ts';
import { type RetentionJob, runRetention } from './retention-job.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 26);

function age(partition: string, source: string, daysOld: number): PartitionAge {
  const at = NOW - daysOld * DAY;
  return { partition, source, events: 10, oldestAtMillis: at - 1, newestAtMillis: at, receivedAtMillis: at };
}

const HOLD = {
  id: 'h',
  reason: 'requisition',
  source: undefined,
  fromMillis: NOW - 401 * DAY,
  toMillis: NOW - 399 * DAY,
  createdAtMillis: NOW,
  createdBy: 'dpo',
  releasedAtMillis: undefined,
};

describe('retention', () => {
  it('drops a day whose sources are all over their time, and thins one where some are', () => {
    const ages = [
      age('a', 'x', 400),
      age('a', 'y', 400),
      age('b', 'x', 100),
      age('b', 'y', 100),
      age('c', 'x', 1),
    ];
    const sources = [{ source: 'x', retentionDays: 92 }];
    const plan = planRetention(ages, { sources, holds: [], nowMillis: NOW });
    expect(plan.drop).toEqual(['a']);
    expect(plan.thin.map(({ partition, source }) => [partition, source])).toEqual([['b', 'x']]);
  });

  it('keeps what a hold touches, and says how much; not what it does not touch, nor once released', () => {
    const ages = [age('a', 'x', 400), age('b', 'x', 500)];
    expect(planRetention(ages, { sources: [], holds: [HOLD], nowMillis: NOW })).toEqual({
      drop: ['b'],
      thin: [],
      heldEvents: 10,
    });
    const released = { ...HOLD, releasedAtMillis: NOW };
    expect(planRetention(ages, { sources: [], holds: [released], nowMillis: NOW }).drop).toEqual(['a', 'b']);
    const other = { ...HOLD, source: 'y' };
    expect(planRetention(ages, { sources: [], holds: [other], nowMillis: NOW }).drop).toEqual(['a', 'b']);
  });

  it('counts a setting outside the bounds as none', () => {
    const sources = [{ source: 'x', retentionDays: 1 }];
    expect(planRetention([age('a', 'x', 30)], { sources, holds: [], nowMillis: NOW }).drop).toEqual([]);
  });

  it('refuses durations outside the legal bounds', () => {
    expect(checkRetention(365)).toBeUndefined();
    for (const days of [0, 91, 1_097, 100.5, Number.NaN]) expect(checkRetention(days)?.fr).toContain('CNIL');
  });
});

describe('the retention job', () => {
  it('deletes under a lease, and leaves it to the node that has it', async () => {
    const dropped: string[] = [];
    const maintenance = {
      ages: async () => [age('a', 'x', 400)],
      dropPartition: async (_table: string, partition: string) => void dropped.push(partition),
      deleteSource: async () => {},
      rowAges: async (what: string) =>
        what === 'signals' ? [{ partition: '202501', rows: 3, over: 3, held: 0, oldestAtMillis: 1 }] : [],
      deleteRows: async () => {},
    };
    const written: unknown[] = [];
    let free = true;
    const lease = { name: 'retention', owner: 'node-1', fencing: 1 };
    const record = {
      sources: { list: async () => [] },
      settings: { get: async () => undefined },
      looks: { forget: async (before: number) => Number(before === NOW - 365 * DAY) * 4 },
      change: async (_actor: unknown, work: () => Promise<{ notes: unknown[] }>) =>
        void written.push(...(await work()).notes),
      holds: { list: async () => [] },
      leases: {
        take: async () => (free ? lease : undefined),
        release: async () => {},
      },
    };
    const lines: string[] = [];
    const log = { info: (message: string) => void lines.push(message) };
    const clock = { nowMillis: () => NOW };
    const job = { maintenance, record, log, clock, owner: 'node-1' } as unknown as RetentionJob;
    await runRetention(job);
    expect([dropped, lines]).toEqual([['a', '202501'], ['what was over its time was deleted']]);
    expect(written).toEqual([
      {
        action: 'retention.applied',
        subject: 'event store',
        details: { events: 10, signals: 3, deadLetters: 0, looks: 4 },
      },
    ]);
    free = false;
    await runRetention(job);
    expect(dropped).toHaveLength(2);
  });
});
