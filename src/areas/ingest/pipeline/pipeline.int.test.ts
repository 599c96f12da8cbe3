/**
 * Spool, worker threads and a real event store together: everything delivered is stored once, also across a stop in the
 * middle; a record that fails is a dead letter; rules make signals and correlations.
 */
import path from 'node:path';
import { serialize } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { EventStore } from '../../../model/live/event-store.ts';
import { StoreError } from '../../../model/live/event-store.ts';
import type { CorrelationRule } from '../../../model/sigma.ts';
import { systemClock } from '../../../platform/clock.ts';
import { loadSourceContent, SHIPPED_CONTENT } from '../../../platform/content.ts';
import { loadRules, packPrepared, prepareRules } from '../../../sigma/index.ts';
import { openEventStore } from '../../../store/index.ts';
import { deliveryOf, openTestSpool, temporaryDirectory } from '../spool/testing/harness.ts';
import { openCorrelation } from './correlate.ts';
import { type PipelineWatch, startPipeline } from './pipeline.ts';
import { type Setup, startWorkers } from './workers.ts';

const RULES = `
title: Refused logon
id: 00000000-0000-4000-8000-000000000001
name: refused
logsource: { product: linux, service: sshd }
detection: { selection: { event.outcome: failure }, condition: selection }
level: low
tags: [attack.credential-access, attack.t1110]
---
title: Many refused logons
id: 00000000-0000-4000-8000-000000000002
correlation:
  type: event_count
  rules: [refused]
  group-by: [source.ip]
  timespan: 1m
  condition: { gte: 5 }
level: high
`;

const line = (index: number): string => {
  const at = new Date(systemClock.nowMillis()).toISOString();
  return `<38>1 ${at} gw sshd 12 - - Failed password for root from 203.0.113.7 port ${1000 + index} ssh2`;
};

const directory = temporaryDirectory();
let store: EventStore;
let setup: Setup;
let correlations: readonly CorrelationRule[];

beforeAll(async () => {
  store = await openEventStore({ kind: 'embedded', directory: path.join(directory.path, 'events') });
  const { rules } = loadRules([{ path: 'rules.yml', text: RULES }]);
  correlations = rules.filter((rule) => rule.kind === 'correlation');
  const [base] = rules;
  setup = {
    node: 1,
    siteZone: 'Europe/Paris',
    ...loadSourceContent([SHIPPED_CONTENT]).value,
    prepared: packPrepared(prepareRules(rules.filter((rule) => rule.kind === 'detection')), serialize),
    correlated: new Map([[base?.id ?? '', ['source.ip']]]),
  };
});
afterAll(async () => {
  await store.close();
  directory.remove();
});

const watch: PipelineWatch = {
  worked: () => {},
  stored: () => {},
  retrying: () => {},
  refused: () => {},
  journalFailed: () => {},
  failed: (error) => {
    throw error;
  },
};

async function open(spoolDirectory: string, events: EventStore) {
  const { spool } = await openTestSpool(spoolDirectory);
  const workers = await startWorkers(setup, { threads: 1, clock: systemClock, log: { warn: () => {} } });
  const correlation = await openCorrelation({
    directory: `${spoolDirectory}-correlation`,
    committedSeq: spool.stats().committedSeq,
    rules: correlations,
  });
  const { complete } = correlation;
  const pipeline = startPipeline({
    node: 1,
    spool,
    workers,
    store: events,
    clock: systemClock,
    watch,
    complete,
  });
  return {
    spool,
    pipeline,
    async close() {
      await spool.stopIntake();
      await pipeline.stop();
      await workers.close();
      await correlation.close();
      await spool.close();
    },
  };
}

const ALL_TIME = { from: 0, to: 4e15 };
const count = async (): Promise<number> => {
  const [row] = await store.query('events-count', ALL_TIME, z.object({ events: z.coerce.number() }).loose());
  return row?.events ?? -1;
};

describe('the pipeline', () => {
  it('stores every record once, also when it is stopped in the middle of it', async () => {
    const spoolDirectory = path.join(directory.path, 'spool-a');
    let isDown = true;
    const failing: EventStore = {
      ...store,
      async insert(table, rows, token) {
        await store.insert(table, rows, token);
        // Stored, and the answer is lost.
        if (isDown) throw new StoreError('connection lost', { isRetryable: true });
      },
    };
    const first = await open(spoolDirectory, failing);
    for (let index = 0; index < 40; index++) {
      const receipt = await first.spool.deliver(deliveryOf([line(2 * index), line(2 * index + 1)]));
      expect(receipt.kind).toBe('accepted');
    }
    await expect.poll(count, { timeout: 20_000 }).toBeGreaterThan(0);
    await first.close();
    isDown = false;
    const second = await open(spoolDirectory, store);
    await second.spool.deliver(deliveryOf([line(80)]));
    expect(await second.pipeline.drain(20_000)).toBe(true);
    await second.close();
    expect(await count()).toBe(81);
  });

  it('makes dead letters of rows the store refuses for good, and stores the others', async () => {
    const before = await count();
    const letters: string[] = [];
    const picky: EventStore = {
      ...store,
      async insert(table, rows, token) {
        const text = Buffer.from(rows).toString();
        if (table === 'events' && text.includes('refuse me')) {
          throw new StoreError('cannot parse', { isRetryable: false });
        }
        if (table === 'dead_letters') letters.push(text);
        await store.insert(table, rows, token);
      },
    };
    const opened = await open(path.join(directory.path, 'spool-b'), picky);
    await opened.spool.deliver(deliveryOf(['good 1', 'refuse me', 'good 2', 'good 3']));
    expect(await opened.pipeline.drain(20_000)).toBe(true);
    await opened.close();
    expect(await count()).toBe(before + 3);
    expect(letters).toHaveLength(1);
    expect(letters[0]).toContain(Buffer.from('refuse me').toString('base64'));
    expect(letters[0]).toContain('LIVE_STORE_REFUSED');
  });
});

describe('the threads', () => {
  const deps = { threads: 2, clock: systemClock, log: { warn: () => {} } };

  it('start before their content is known', async () => {
    const later = Promise.withResolvers<Setup>();
    const starting = startWorkers(later.promise, deps);
    later.resolve(setup);
    const workers = await starting;
    expect(workers.waiting).toBe(0);
    await workers.close();
  });

  it('end when there will be none', async () => {
    await expect(startWorkers(Promise.reject(new Error('no content')), deps)).rejects.toThrow('no content');
  });

  it('leave none behind when one of them cannot take the new content', async () => {
    const workers = await startWorkers(setup, { ...deps, threads: 2 });
    const ended = vi.spyOn(Worker.prototype, 'terminate');
    let asked = 0;
    const broken = Object.defineProperty({ ...setup }, 'prepared', {
      enumerable: true,
      get() {
        asked += 1;
        if (asked > 1) throw new Error('only one of them');
        return setup.prepared;
      },
    });
    await expect(workers.replace(broken)).rejects.toThrow('only one of them');
    // The one that could not, and the one that could.
    expect([asked, ended.mock.calls.length]).toEqual([2, 2]);
    ended.mockRestore();
    await workers.close();
  });

  it('leave none behind when they are closed while their content is replaced', async () => {
    const workers = await startWorkers(setup, deps);
    const replaced = workers.replace(setup).then(
      () => 'replaced',
      () => 'closed',
    );
    await workers.close();
    expect(await replaced).toBe('closed');
  });
});
