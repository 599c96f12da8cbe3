/** The cache: gives back what was kept, and nothing that is damaged or could be another's. */
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheKey, createCache } from './cache.ts';

let root = '';
const directory = (): string => path.join(root, 'vigie');
const entry = (): string => path.join(directory(), readdirSync(directory())[0] ?? '');
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'vigie-cache-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('cache', () => {
  it('gives back what was kept, in files of its owner only', () => {
    const cache = createCache(directory(), 'rules');
    expect(cache.get('a')).toBeUndefined();
    cache.put('a', Buffer.from('kept'));
    expect(cache.get('a')?.toString()).toBe('kept');
    expect(cache.get('b')).toBeUndefined();
    expect(statSync(entry()).mode & 0o777).toBe(0o600);
    expect(statSync(directory()).mode & 0o777).toBe(0o700);
  });

  it('takes a damaged or shortened entry for none', () => {
    const cache = createCache(directory(), 'rules');
    cache.put('a', Buffer.from('kept for long'));
    const bytes = readFileSync(entry());
    for (const at of [0, 20, bytes.length - 1]) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      writeFileSync(entry(), damaged);
      expect(cache.get('a')).toBeUndefined();
    }
    writeFileSync(entry(), bytes);
    expect(cache.get('a')).toBeDefined();
    truncateSync(entry(), bytes.length - 3);
    expect(cache.get('a')).toBeUndefined();
    truncateSync(entry(), 0);
    expect(cache.get('a')).toBeUndefined();
  });

  it('does not trust what others may write', () => {
    const cache = createCache(directory(), 'rules');
    cache.put('a', Buffer.from('kept'));
    chmodSync(entry(), 0o666);
    expect(cache.get('a')).toBeUndefined();
    chmodSync(entry(), 0o600);
    const real = path.join(root, 'real');
    writeFileSync(real, readFileSync(entry()), { mode: 0o600 });
    const name = entry();
    rmSync(name);
    symlinkSync(real, name);
    expect(cache.get('a')).toBeUndefined();
  });

  it('keeps a few entries, and stays silent where it cannot write', () => {
    const cache = createCache(directory(), 'rules');
    for (let index = 0; index < 9; index += 1) cache.put(String(index), Buffer.from('x'));
    expect(readdirSync(directory()).length).toBeLessThanOrEqual(4);
    const blocked = path.join(root, 'file');
    writeFileSync(blocked, '');
    const nowhere = createCache(path.join(blocked, 'vigie'), 'rules');
    nowhere.put('a', Buffer.from('x'));
    expect(nowhere.get('a')).toBeUndefined();
  });

  it('names entries by everything they depend on', () => {
    expect(cacheKey(['ab', 'c'])).not.toBe(cacheKey(['a', 'bc']));
    expect(cacheKey(['ab', 'c'])).toBe(cacheKey(['ab', 'c']));
  });
});
