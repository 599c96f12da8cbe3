/** Lists on disk end to end: import, merge, look up, expire, forget, and an index built in its thread. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createIntel } from './intel.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'vigie-intel-'));
const data = path.join(directory, 'data');
const content = path.join(directory, 'content');
const NOW = Date.UTC(2026, 10, 26);
const intel = createIntel({ dataDirectory: data, content: [content], nowMillis: () => NOW, seed: 3 });
const LIST = { id: 'own', version: '1', title: { en: 'Own', fr: 'Propre' }, level: 'high' as const };
const DEFAULTS = { confidence: 60, tags: ['t'] };

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const target = path.join(directory, name);
  writeFileSync(target, text);
  return target;
}

async function valuesOf(id: string): Promise<string[] | undefined> {
  return (await intel.show(id, 100))?.map(({ value }) => value);
}

describe('lists on disk', () => {
  it('are replaced by an import, or added to', async () => {
    const first = file('a.txt', 'evil.example\n203.0.113.0/24\nco.uk\n');
    const report = await intel.import({ paths: [first], list: LIST, defaults: DEFAULTS, isAddition: false });
    expect(report).toMatchObject({ files: 1, rows: 2, indicators: 2, issueCount: 1 });
    const more = file('b.txt', 'evil.example\nother.example\n');
    await intel.import({
      paths: [more],
      list: LIST,
      defaults: { ...DEFAULTS, confidence: 99 },
      isAddition: true,
    });
    expect(await valuesOf('own')).toEqual(['203.0.113.0/24', 'evil.example', 'other.example']);
    await intel.import({ paths: [first], list: LIST, defaults: DEFAULTS, isAddition: false });
    expect(await valuesOf('own')).toEqual(['evil.example', '203.0.113.0/24']);
  });

  it('keep what was there when an import holds nothing', async () => {
    await intel.import({
      paths: [file('empty.txt', '# nothing\n')],
      list: LIST,
      defaults: DEFAULTS,
      isAddition: false,
    });
    expect(await valuesOf('own')).toHaveLength(2);
  });

  it('follow a publisher that changes an indicator or takes it back', async () => {
    const list = { ...LIST, id: 'stix' };
    const indicator = (id: string, domain: string, more: object = {}) => ({
      type: 'indicator',
      id: `indicator--${id}`,
      pattern: `[domain-name:value = '${domain}']`,
      ...more,
    });
    const bundle = (...objects: object[]) => JSON.stringify({ type: 'bundle', objects });
    const one = file(
      '1.json',
      bundle(indicator('1', 'one.example'), indicator('2', 'two.example'), indicator('3', 'three.example')),
    );
    await intel.import({ paths: [one], list, defaults: DEFAULTS, isAddition: false });
    const two = file(
      '2.json',
      bundle(indicator('1', 'uno.example'), indicator('2', 'two.example', { revoked: true })),
    );
    await intel.import({ paths: [two], list, defaults: DEFAULTS, isAddition: true });
    expect(await valuesOf('stix')).toEqual(['three.example', 'uno.example']);
  });

  it('answer for a value, with what warning lists say', async () => {
    const lists = file(
      'list.json',
      JSON.stringify({
        name: 'Popular',
        type: 'hostname',
        list: ['evil.example'],
        matching_attributes: ['domain'],
      }),
    );
    expect((await intel.importWarnings([lists])).lists).toHaveLength(1);
    const [answer, none] = await intel.check(['www.evil.example', 'good.example']);
    expect(answer?.hits[0]).toMatchObject({
      indicator: { value: 'evil.example', listId: 'own' },
      warning: { action: 'mark' },
    });
    expect(none?.hits).toEqual([]);
    expect(await intel.status()).toMatchObject({ indicators: 4, warnings: [{ values: 1 }], issues: [] });
  });

  it('build an index in a thread when something changed, and only then', async () => {
    const first = await intel.refresh(undefined);
    expect(first?.built.indicators).toBe(4);
    expect(first?.built.buffers.indicators).toBeInstanceOf(SharedArrayBuffer);
    expect(await intel.refresh(first?.stamp)).toBeUndefined();
    expect(await intel.forget('stix')).toBe(true);
    expect(await intel.forget('stix')).toBe(false);
    expect((await intel.refresh(first?.stamp))?.built.indicators).toBe(2);
  });

  it('lose what ended long ago', async () => {
    const validUntilMillis = NOW - 31 * 86_400_000;
    const old = file('old.txt', 'old.example\n');
    await intel.import({
      paths: [old],
      list: LIST,
      defaults: { ...DEFAULTS, validUntilMillis },
      isAddition: true,
    });
    expect((await intel.status()).lists[0]).toMatchObject({ rows: 3, expired: 1 });
    expect(await intel.expire()).toBe(1);
    expect(await valuesOf('own')).toEqual(['evil.example', '203.0.113.0/24']);
  });
});
