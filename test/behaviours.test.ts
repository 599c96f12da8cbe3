/**
 * Behaviours through the real stores: one relation however the batches came, the same signals to the byte, none twice,
 * an odd logon found, and a surprise that keeps its promise on ordinary days. Each order runs in a process of its own.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { hospitalLogons } from './behaviours-hospital.ts';
import { ROOT } from './house.ts';

const DAYS = 32;
const ODD = 30;
const SEED = 1;

const Outcome = z.object({
  issues: z.array(z.unknown()),
  reports: z.array(z.array(z.looseObject({ outcome: z.string(), reason: z.string().optional() }))),
  learnt: z.array(z.object({ subject: z.string(), object: z.string(), events: z.number() })),
  signals: z.object({
    columns: z.array(z.object({ name: z.string() })),
    rows: z.array(z.array(z.unknown())),
  }),
  scores: z.array(z.tuple([z.string(), z.string(), z.number(), z.number()])),
  state: z.looseObject({ late: z.number() }),
});
type Outcome = z.infer<typeof Outcome>;

const folder = mkdtempSync(path.join(tmpdir(), 'vigie-behaviours-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }), 120_000);

async function run(order: string): Promise<Outcome> {
  const child = path.join(ROOT, 'test/behaviours-child.ts');
  const args = [child, path.join(folder, order), order, SEED, DAYS, ODD].map(String);
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 64 * 1024 * 1024 });
  return Outcome.parse(JSON.parse(stdout));
}

let hard: Outcome;
let stored: Outcome;

describe('behaviours', () => {
  beforeAll(async () => {
    hard = await run('hard');
    stored = await run('stored');
  }, 300_000);

  it('learns each logon once, under one name, and nobody else', () => {
    expect(stored.issues).toEqual([]);
    const expected = new Map<string, number>();
    const days = hospitalLogons(SEED, DAYS, ODD);
    const second = Math.floor((days[0]?.millis ?? 0) / 86_400_000) + 1;
    for (const { millis, user, host, outcome } of days) {
      const name = user.toLowerCase().replace(/^chu\\|@chu\.example$/g, '');
      if (Math.floor(millis / 86_400_000) !== second || outcome !== 'success' || /\$$|^system$/.test(name))
        continue;
      const pair = `${name} ${host.toLowerCase().split('.')[0]}`;
      expected.set(pair, (expected.get(pair) ?? 0) + 1);
    }
    const learnt = stored.learnt.map(({ subject, object, events }) => [`${subject} ${object}`, events]);
    expect(learnt.sort()).toEqual([...expected].sort());
  });

  it('gives the same signals to the byte in any order, after a crash, and from what was stored before', () => {
    expect(stored.signals.rows.length).toBeGreaterThan(0);
    expect(hard.reports.map(([one]) => one?.outcome)).toEqual(['failed', 'done']);
    expect(hard.learnt).toEqual(stored.learnt);
    expect(hard.signals).toEqual(stored.signals);
    expect(hard.scores).toEqual(stored.scores);
    expect(stored.state.late).toBe(0);
  });

  it('finds the odd logon and says it in both languages', () => {
    const names = stored.signals.columns.map(({ name }) => name);
    const signals = stored.signals.rows.map((row) =>
      Object.fromEntries(names.map((name, at) => [name, row[at]])),
    );
    const odd = signals.find((signal) => JSON.stringify(signal.entity_names) === '["w0.p3","srv-backup-01"]');
    expect(odd).toMatchObject({ kind: 'behaviour', entity_kinds: ['person', 'host'], content_version: '1' });
    expect(odd?.event_seqs).toHaveLength(1);
    expect(odd?.explanation_en).toMatch(
      /^w0\.p3 logged on to srv-backup-01 for the first time in \d+ days of history; usually on \d+ machines: srv-files, .*Nobody else in the ward cardiology \(14 people\) uses this machine\. By chance, about once /,
    );
    expect(odd?.explanation_fr).toMatch(
      /^w0\.p3 a ouvert une session sur srv-backup-01 pour la première fois/,
    );
  });

  it('keeps the promise of its surprise: at least b bits about once in 2^b person-days', () => {
    const ordinary = stored.scores.filter(([, subject]) => subject !== 'w0.p3').map(([, , , bits]) => bits);
    expect(ordinary.length).toBeGreaterThan(1_000);
    for (const bits of [2, 4, 6, 8, 10]) {
      const expected = ordinary.length / 2 ** bits;
      const found = ordinary.filter((one) => one >= bits).length;
      expect(found).toBeLessThanOrEqual(expected * 1.4 + 3 * Math.sqrt(expected));
    }
  });
});
