/** A relation's view holds the search's values as they are, whatever stands in them, and is dropped when it is no more. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { z } from 'zod';
import { logonRows } from '../../../test/behaviours-hospital.ts';
import { openEventStore } from '../index.ts';
import type { Relation } from './relations.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'vigie-relations-'));
const store = await openEventStore({ kind: 'embedded', directory });
afterAll(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
}, 60_000);

const NASTY = ["o'neil", 'a\\', "x' OR 1=1 --", '{q1:String}', '{{where}}', "\\' UNION", 'tab\there'];
const DAY = 20_700;

it('quotes every value, and matches it only', async () => {
  const relations = NASTY.map(
    (value, index): Relation => ({
      id: `nasty-${index}`,
      version: 1,
      events: { kind: 'field', field: 'host.name', test: { op: 'is', pattern: [value] } },
      subject: { kind: 'service', field: 'user.name' },
      object: { kind: 'service', field: 'host.name' },
    }),
  );
  for (const relation of relations) expect(await store.relations.ensure(relation)).toBe(true);
  const millis = DAY * 86_400_000 + 1;
  const logons = NASTY.map((host) => ({ millis, user: 'u', host, outcome: 'success' }) as const);
  await store.insert('events', logonRows(logons, 1), 'nasty');
  const Row = z.object({ subject: z.string(), object: z.string(), events: z.number() });
  for (const [index, value] of NASTY.entries()) {
    const asked = { behaviour: `nasty-${index}`, version: 1, day: DAY };
    expect(await store.query('behaviour-window', asked, Row)).toEqual([
      { subject: 'u', object: value.toLowerCase(), events: 1 },
    ]);
  }
  expect(await store.relations.keepOnly(relations.slice(1))).toEqual(['relation_nasty_0_v1']);
});
