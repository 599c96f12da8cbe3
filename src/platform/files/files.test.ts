/** Walking, opening, unwrapping and splitting, on real files made here. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tarOf } from '../../../test/archives.ts';
import type { Issue } from '../../model/issue.ts';
import { type ArchiveLimits, isIssue, openEntry, splitPoints, walk } from './index.ts';
import { readRange } from './read.ts';

let folder = '';
const text = Array.from({ length: 20_000 }, (_, at) => `line ${at} of a log that is not short\n`).join('');

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'vigie-files-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, bytes: string | Uint8Array): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, bytes);
  return file;
}

async function readAll(
  file: string,
  limits: Partial<ArchiveLimits> = {},
): Promise<{ files: Record<string, string>; issues: Issue[] }> {
  const issues: Issue[] = [];
  const files: Record<string, string> = {};
  for await (const item of walk([file])) {
    if (isIssue(item)) {
      issues.push(item);
      continue;
    }
    for await (const opened of openEntry(item, { limits, onIssue: (issue) => issues.push(issue) })) {
      const pieces: Uint8Array[] = [];
      for await (const chunk of opened.chunks) pieces.push(Uint8Array.from(chunk));
      files[path.relative(folder, opened.path)] = Buffer.concat(pieces).toString();
    }
  }
  return { files, issues };
}

describe('walk', () => {
  test('gives files in name order, follows links once and tells what it passes over', async () => {
    put('w/b/2.log', 'x');
    put('w/b/1.log', 'x');
    put('w/a.log', 'x');
    symlinkSync('..', path.join(folder, 'w/b/up'));
    symlinkSync('nowhere', path.join(folder, 'w/gone'));
    execFileSync('mkfifo', [path.join(folder, 'w/pipe')]);
    const seen: string[] = [];
    for await (const item of walk([path.join(folder, 'w'), path.join(folder, 'missing')])) {
      seen.push(isIssue(item) ? item.code : path.relative(folder, item.path));
    }
    expect(seen).toEqual([
      'w/a.log',
      'w/b/1.log',
      'w/b/2.log',
      'FILES_LOOP',
      'FILES_UNREADABLE',
      'FILES_SPECIAL',
      'FILES_UNREADABLE',
    ]);
  });

  test('tells of what was named itself and holds nothing, or is no file', async () => {
    put('v/full.log', 'x');
    mkdirSync(path.join(folder, 'v/empty/below'), { recursive: true });
    execFileSync('mkfifo', [path.join(folder, 'v/pipe')]);
    const seen: string[] = [];
    for await (const item of walk(['v', 'v/empty', 'v/pipe'].map((name) => path.join(folder, name)))) {
      seen.push(isIssue(item) ? `${item.code} ${path.relative(folder, item.place.path ?? '')}` : item.path);
    }
    expect(seen).toEqual([
      path.join(folder, 'v/full.log'),
      'FILES_SPECIAL v/pipe',
      'FILES_NO_FILE v/empty',
      'FILES_NAMED_SPECIAL v/pipe',
    ]);
  });
});

describe('containers', () => {
  const bytes = Buffer.from(text);
  test.each([
    ['plain', bytes],
    ['empty', Buffer.alloc(0)],
    ['gzip', zlib.gzipSync(bytes)],
    [
      'gzip of two members',
      Buffer.concat([zlib.gzipSync(text.slice(0, 900)), zlib.gzipSync(text.slice(900))]),
    ],
    [
      'zstd of two frames',
      Buffer.concat([zlib.zstdCompressSync(text.slice(0, 900)), zlib.zstdCompressSync(text.slice(900))]),
    ],
    ['gzip in gzip', zlib.gzipSync(zlib.gzipSync(bytes))],
  ])('%s', async (name, packed) => {
    const { files, issues } = await readAll(put('c/one', packed));
    expect(issues).toEqual([]);
    expect(files['c/one']).toBe(name === 'empty' ? '' : text);
  });

  test('tar in gzip, members one after the other, one of them compressed', async () => {
    const packed = zlib.gzipSync(
      tarOf({ 'a.log': bytes, 'd/b.gz': zlib.gzipSync('b'), 'c.log': Buffer.from('c') }),
    );
    const { files, issues } = await readAll(put('t.tgz', packed));
    expect(issues).toEqual([]);
    expect(files).toEqual({ 't.tgz!/a.log': text, 't.tgz!/d/b.gz': 'b', 't.tgz!/c.log': 'c' });
  });

  test('a damaged tar header costs its member only', async () => {
    const packed = tarOf({ 'a.log': Buffer.from('a'), 'b.log': Buffer.from('b'), 'c.log': Buffer.from('c') });
    packed[1024] = 0x7a;
    const { files, issues } = await readAll(put('bad.tar', packed));
    expect(files).toEqual({ 'bad.tar!/a.log': 'a', 'bad.tar!/c.log': 'c' });
    expect(issues.map((issue) => issue.code)).toEqual(['FILES_ARCHIVE_DAMAGED']);
  });

  test.each([
    ['gzip', zlib.gzipSync(bytes)],
    ['zstd', zlib.zstdCompressSync(bytes)],
  ])('a truncated %s gives what can be read, and says so', async (_, packed) => {
    const { files, issues } = await readAll(put('cut', packed.subarray(0, packed.length >> 1)));
    const [read = ''] = Object.values(files);
    expect(text.startsWith(read)).toBe(true);
    expect(read.length).toBeGreaterThan(text.length / 4);
    expect(issues.map((issue) => issue.code)).toEqual(['FILES_ARCHIVE_DAMAGED']);
  });

  test('an archive of a kind not opened is told', async () => {
    const { files, issues } = await readAll(put('x.7z', Buffer.from('377abcaf271c0004', 'hex')));
    expect(files).toEqual({});
    expect(issues).toMatchObject([{ code: 'FILES_ARCHIVE_UNSUPPORTED', params: { kind: '7z' } }]);
  });
});

describe('limits', () => {
  const bomb = zlib.gzipSync(Buffer.alloc(8 * 1024 ** 2));
  test.each([
    ['bytes', bomb, { totalBytes: 1024 ** 2 }],
    ['ratio', bomb, { ratio: 100, ratioAfterBytes: 1024 ** 2 }],
    ['depth', zlib.gzipSync(zlib.gzipSync(zlib.gzipSync('x'))), { depth: 2 }],
    ['members', tarOf({ a: Buffer.from('a'), b: Buffer.from('b'), c: Buffer.from('c') }), { members: 2 }],
  ])('%s', async (what, packed, limits) => {
    const { issues } = await readAll(put('limit', packed), limits);
    expect(issues).toMatchObject([{ code: 'FILES_LIMIT', params: { what } }]);
  });
});

describe('parts', () => {
  test.each([1, 2, 7, 100])('%i parts cover the file and begin at lines', async (parts) => {
    const file = put('parts.log', text);
    const points = await splitPoints(file, parts);
    let joined = '';
    for (const { start, end } of points) {
      expect(start === 0 || joined.endsWith('\n')).toBe(true);
      for await (const chunk of readRange(file, start, end)) joined += Buffer.from(chunk).toString();
    }
    expect(points).toHaveLength(parts);
    expect(joined).toBe(text);
  });

  test('one long line is one part', async () => {
    expect(await splitPoints(put('long', 'x'.repeat(5000)), 4)).toEqual([{ start: 0, end: 5000 }]);
  });
});
