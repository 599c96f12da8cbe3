/** Zip and bzip2 archives, whole and damaged, honest and not, made here. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tarOf, zipOf } from '../../../test/archives.ts';
import type { Issue } from '../../model/issue.ts';
import { type ArchiveLimits, isIssue, openEntry, walk } from './index.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'vigie-archives-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Read {
  readonly files: Record<string, string>;
  readonly issues: readonly Issue[];
}

/** Reads what these bytes unfold into; members are named from the `!` on. */
async function read(bytes: Uint8Array, limits: Partial<ArchiveLimits> = {}): Promise<Read> {
  const file = path.join(folder, 'archive');
  writeFileSync(file, bytes);
  const issues: Issue[] = [];
  const files: Record<string, string> = {};
  const entry = { kind: 'file', path: file, size: bytes.length } as const;
  for await (const opened of openEntry(entry, { limits, onIssue: (issue) => issues.push(issue) })) {
    const pieces: Uint8Array[] = [];
    for await (const chunk of opened.chunks) pieces.push(Uint8Array.from(chunk));
    files[opened.path.slice(file.length)] = Buffer.concat(pieces).toString();
  }
  return { files, issues };
}

const codes = ({ issues }: Read): string[] => issues.map((issue) => issue.code);
const a = Buffer.from('first log\n'.repeat(5000));
const b = Buffer.from('second log\n'.repeat(5000));
const both = { '!/a.log': String(a), '!/d/b.log': String(b) };
const members = [
  ['a.log', a],
  ['d/', Buffer.alloc(0)],
  ['d/b.log', b],
] as const;

describe('zip', () => {
  test.each([
    ['deflated', {}],
    ['stored', { isStored: true }],
    ['sizes behind the members', { hasDescriptor: true }],
    ['zip64', { isZip64: true }],
    ['zip64, stored', { isZip64: true, isStored: true }],
  ])('%s', async (_, options) => {
    expect(await read(zipOf(members, options))).toEqual({ files: both, issues: [] });
  });

  test('an encrypted member is told', async () => {
    const found = await read(zipOf([['a.log', a]], { isEncrypted: true }));
    expect(found.files).toEqual({});
    expect(found.issues).toMatchObject([
      { code: 'FILES_ENCRYPTED', place: { path: path.join(folder, 'archive!/a.log') } },
    ]);
  });

  test('names that lead out of the archive are only names', async () => {
    const names = ['../../up.log', '/etc/absolute.log', 'C:\\drive.log', '..\\back.log', 'a//b.log'];
    const found = await read(zipOf(names.map((name) => [name, Buffer.from(name)])));
    expect(found).toEqual({
      files: Object.fromEntries(names.map((name) => [`!/${name}`, name])),
      issues: [],
    });
  });

  test('archives in archives', async () => {
    const inner = zipOf([['c.gz', zlib.gzipSync('c')]]);
    const outer = zipOf([['t.tar', tarOf({ 'inner.zip': inner, 'x.log': a })]], { isStored: true });
    const found = await read(zlib.zstdCompressSync(outer));
    expect(found).toEqual({
      files: { '!/t.tar!/inner.zip!/c.gz': 'c', '!/t.tar!/x.log': String(a) },
      issues: [],
    });
  });

  test('an empty one', async () => {
    expect(await read(zipOf([]))).toEqual({ files: {}, issues: [] });
  });

  test('an unknown compression costs its member only', async () => {
    const found = await read(zipOf([['a.log', a]], { method: 99 }));
    expect(found.files).toEqual({ '!/a.log': '' });
    expect(codes(found)).toEqual(['FILES_ARCHIVE_DAMAGED']);
  });

  test.each([
    ['deflated', {}],
    ['stored', { isStored: true }],
    ['sizes behind the members', { hasDescriptor: true }],
  ])('cut before its directory, %s: every whole member is read', async (_, options) => {
    const whole = zipOf(members, options);
    const directory = whole.indexOf(Buffer.from('PK\x01\x02'));
    const found = await read(whole.subarray(0, directory));
    expect(found.files).toEqual(both);
    expect(codes(found)).toEqual(['FILES_ARCHIVE_DAMAGED']);
  });

  test.each([{}, { isStored: true }, { hasDescriptor: true }])(
    'cut within the second member (%o): what comes before is read',
    async (options) => {
      const whole = zipOf(members, options);
      const second = whole.indexOf('d/b.log') + 'd/b.log'.length;
      const found = await read(whole.subarray(0, second + 40));
      expect(found.files['!/a.log']).toBe(String(a));
      expect(String(b).startsWith(found.files['!/d/b.log'] ?? 'none')).toBe(true);
      expect(new Set(codes(found))).toEqual(new Set(['FILES_ARCHIVE_DAMAGED']));
    },
  );

  test('damage within a member costs that member only', async () => {
    const bytes = zipOf(members);
    bytes.fill(0xff, 40, 60);
    const found = await read(bytes);
    expect(found.files['!/d/b.log']).toBe(String(b));
    expect(codes(found)).toEqual(['FILES_ARCHIVE_DAMAGED']);
  });
});

describe('bzip2', () => {
  // Made by bzip2 1.0.8 at level 1 from: nothing; one line; 300,000 times the letter a.
  const empty = Buffer.from('QlpoMRdyRThQkAAAAAA=', 'base64');
  const line = Buffer.from('QlpoMTFBWSZTWTP8DMUAAARRAAAQQAACJaAAMQwA0NPRyEeSUXckU4UJAz/AzFA=', 'base64');
  const run = Buffer.from('QlpoMTFBWSZTWXn2sSkAAkwBgKAABAAACCAAMMwFKaYURsRRHi7kinChIPPtYlI=', 'base64');

  test.each([
    ['empty', empty, ''],
    ['one line', line, 'one line\n'],
    ['a long run', run, 'a'.repeat(300_000)],
    [
      'streams one after the other',
      Buffer.concat([line, empty, run, line]),
      `one line\n${'a'.repeat(300_000)}one line\n`,
    ],
    ['zeros behind it', Buffer.concat([line, Buffer.alloc(100)]), 'one line\n'],
  ])('%s', async (_, bytes, text) => {
    expect(await read(bytes)).toEqual({ files: { '': text }, issues: [] });
  });

  test.each([
    ['cut', Buffer.concat([line, run.subarray(0, 30)])],
    ['with a wrong checksum', Buffer.concat([line, run.with(11, 0)])],
    ['with bytes behind it', Buffer.concat([line, Buffer.from('something else')])],
    ['with a wrong block size', Buffer.concat([line, Buffer.from('BZh'), Buffer.of(1), run.subarray(4)])],
  ])('one %s gives what came before, and says so', async (_, bytes) => {
    const found = await read(bytes);
    expect(found.files).toEqual({ '': 'one line\n' });
    expect(codes(found)).toEqual(['FILES_ARCHIVE_DAMAGED']);
  });
});

describe('bombs', () => {
  const zeros = Buffer.alloc(8 * 1024 ** 2);
  const bombs: readonly (readonly [string, Buffer])[] = [
    ['gzip', zlib.gzipSync(zeros)],
    ['zstd', zlib.zstdCompressSync(zeros)],
    ['zip', zipOf([['a', zeros]])],
    ['zip with sizes behind', zipOf([['a', zeros]], { hasDescriptor: true })],
    ['gzip in zip', zipOf([['a', zlib.gzipSync(zeros)]], { isStored: true })],
    ['gzip in gzip', zlib.gzipSync(zlib.gzipSync(zeros))],
  ];
  test.each(bombs)('%s: stopped by its ratio', async (_, bytes) => {
    const found = await read(bytes, { ratio: 100, ratioAfterBytes: 1024 ** 2 });
    expect(found.issues).toMatchObject([
      { code: 'FILES_LIMIT', params: { what: 'ratio', whatFr: 'taux de compression' } },
    ]);
    expect(Object.values(found.files).join('').length).toBeLessThan(2 * 1024 ** 2);
  });

  test('a zip without its directory is under the same limits', async () => {
    for (const options of [{}, { hasDescriptor: true }]) {
      const whole = zipOf([['a', zeros]], options);
      const cut = whole.subarray(0, whole.indexOf(Buffer.from('PK\x01\x02')));
      const found = await read(cut, { ratio: 100, ratioAfterBytes: 1024 ** 2 });
      expect(codes(found)).toContain('FILES_LIMIT');
    }
  });

  test('nested zips', async () => {
    let bytes = zipOf([['log', a]]);
    for (let level = 0; level < 20; level += 1) bytes = zipOf([['z', bytes]]);
    expect((await read(bytes)).issues).toMatchObject([
      { code: 'FILES_LIMIT', params: { what: 'depth', limit: 6 } },
    ]);
  });

  test('too many members, in archives within archives too', async () => {
    const inner = zipOf(Array.from({ length: 50 }, (_, at) => [`m${at}`, Buffer.from('x')]));
    const outer = zipOf(Array.from({ length: 50 }, (_, at) => [`z${at}`, inner]));
    const found = await read(outer, { members: 200 });
    expect(Object.keys(found.files).length).toBeLessThanOrEqual(200);
    expect(new Set(codes(found))).toEqual(new Set(['FILES_LIMIT']));
    expect(found.issues.length).toBeLessThan(5);
  });

  test('an inner zip larger than may be kept', async () => {
    const inner = zipOf([['a', a]], { isStored: true });
    const found = await read(zipOf([['z', inner]]), { innerZipBytes: 10_000 });
    expect(found.issues).toMatchObject([{ code: 'FILES_LIMIT', params: { what: 'inner zip' } }]);
  });
});

describe('folders', () => {
  test('one with three thousand files', async () => {
    const many = path.join(folder, 'many');
    mkdirSync(many);
    for (let at = 0; at < 3_000; at += 1) writeFileSync(path.join(many, `${at}.log`), '');
    let count = 0;
    for await (const item of walk([many])) if (!isIssue(item)) count += 1;
    expect(count).toBe(3_000);
  });

  test.skipIf(process.getuid?.() === 0)(
    'one that may not be entered is told, the others are read',
    async () => {
      mkdirSync(path.join(folder, 'w/closed'), { recursive: true });
      writeFileSync(path.join(folder, 'w/open.log'), 'x');
      chmodSync(path.join(folder, 'w/closed'), 0);
      const seen: string[] = [];
      for await (const item of walk([path.join(folder, 'w')]))
        seen.push(isIssue(item) ? item.code : item.path);
      chmodSync(path.join(folder, 'w/closed'), 0o700);
      expect(seen).toEqual(['FILES_UNREADABLE', path.join(folder, 'w/open.log')]);
    },
  );

  test('a file gone between the walk and the reading is told', async () => {
    const issues: Issue[] = [];
    const entry = { kind: 'file', path: path.join(folder, 'gone.log'), size: 10 } as const;
    for await (const opened of openEntry(entry, { onIssue: (issue) => issues.push(issue) })) {
      for await (const _ of opened.chunks);
    }
    expect(issues).toMatchObject([{ code: 'FILES_UNREADABLE', params: { reason: 'ENOENT' } }]);
  });
});
