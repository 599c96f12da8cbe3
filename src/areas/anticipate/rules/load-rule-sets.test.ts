/** Parsed rules are taken from the cache only while nothing they were made from has changed. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Cache } from '../../../platform/cache.ts';
import { type LoadedRules, loadRuleSets } from './load-rule-sets.ts';
import { packRules } from './rule-pack.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'vigie-rules-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const ruleText = (value: string): string =>
  `title: t\nid: 0a0a0a0a-0000-4000-8000-000000000001\nlogsource: {product: windows}\ndetection: {s: {a: ${value}}, condition: s}\n`;

function createLoader(): { load(): Promise<LoadedRules>; packed: () => number } {
  const entries = new Map<string, Buffer>();
  const cache: Cache = {
    get: (key) => entries.get(key),
    put: (key, bytes) => void entries.set(key, Buffer.from(bytes)),
  };
  let packed = 0;
  return {
    packed: () => packed,
    async load() {
      const rules = await loadRuleSets(
        {
          ruleSets: [folder],
          ownRules: false,
          content: [],
          placeholders: undefined,
          level: 'informational',
          tags: [],
        },
        {
          cache,
          pack: async (texts) => {
            packed += 1;
            return packRules(texts);
          },
        },
      );
      rules.keep();
      return rules;
    },
  };
}

it('parses again what was written anew, also with the same size, or put in its place', async () => {
  const file = path.join(folder, 'a.yml');
  const loader = createLoader();
  writeFileSync(file, ruleText('one'));
  await loader.load();
  const first = await loader.load();
  expect(loader.packed()).toBe(1);
  writeFileSync(file, ruleText('two'));
  const second = await loader.load();
  expect(loader.packed()).toBe(2);
  expect(second.briefs[0]?.hash).not.toBe(first.briefs[0]?.hash);
  writeFileSync(path.join(folder, 'b.tmp'), ruleText('six'));
  renameSync(path.join(folder, 'b.tmp'), file);
  await loader.load();
  expect(loader.packed()).toBe(3);
  writeFileSync(path.join(folder, 'b.yaml'), ruleText('two').replace('0001', '0002'));
  expect((await loader.load()).briefs).toHaveLength(2);
});

it('keeps nothing while a file cannot be read, and says so each time', async () => {
  writeFileSync(path.join(folder, 'a.yml'), ruleText('one'));
  symlinkSync(path.join(folder, 'nowhere'), path.join(folder, 'b.yml'));
  const loader = createLoader();
  await loader.load();
  const { issues, briefs } = await loader.load();
  expect(loader.packed()).toBe(2);
  expect(issues.map(({ code }) => code)).toEqual(['FILES_UNREADABLE']);
  expect(briefs).toHaveLength(1);
});

it('goes through folders and links to folders, not in circles', async () => {
  writeFileSync(path.join(folder, 'a.yml'), ruleText('one'));
  symlinkSync(folder, path.join(folder, 'again'));
  mkdirSync(path.join(folder, 'deep'));
  writeFileSync(path.join(folder, 'deep', 'b.yml'), ruleText('two').replace('0001', '0002'));
  symlinkSync(path.join(folder, 'deep'), path.join(folder, 'link'));
  const { briefs, refused } = await createLoader().load();
  expect(briefs).toHaveLength(2);
  expect(refused.map(({ place }) => place.path)).toEqual([path.join(folder, 'link', 'b.yml')]);
});
