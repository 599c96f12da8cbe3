/** Whatever is done to an archive: nothing is thrown, nothing hangs, no more comes out than is allowed. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tarOf, zipOf } from '../../../test/archives.ts';
import { createMutator } from '../../../test/mutate.ts';
import type { Issue } from '../../model/issue.ts';
import { openEntry } from './index.ts';

const RUNS = 150;
const LIMITS = { totalBytes: 3_000_000, members: 50, innerZipBytes: 1_000_000 };

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'vigie-fuzz-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const log = Buffer.from(Array.from({ length: 500 }, (_, at) => `line ${at} of a log\n`).join(''));
const members = { 'a.log': log, 'b.gz': zlib.gzipSync(log), 'c.log': Buffer.from('c') };
const zipped = Object.entries(members);
// Made by bzip2 1.0.8 at level 1 from one line, and from 300,000 times the letter a.
const bzip2 = Buffer.concat([
  Buffer.from('QlpoMTFBWSZTWTP8DMUAAARRAAAQQAACJaAAMQwA0NPRyEeSUXckU4UJAz/AzFA=', 'base64'),
  Buffer.from('QlpoMTFBWSZTWXn2sSkAAkwBgKAABAAACCAAMMwFKaYURsRRHi7kinChIPPtYlI=', 'base64'),
]);

const ARCHIVES: readonly (readonly [string, Buffer])[] = [
  ['gzip', zlib.gzipSync(log)],
  ['zstd', zlib.zstdCompressSync(log)],
  ['bzip2', bzip2],
  ['tar', tarOf(members)],
  ['tar in gzip', zlib.gzipSync(tarOf(members))],
  ['zip', zipOf(zipped)],
  ['zip, stored', zipOf(zipped, { isStored: true })],
  ['zip64 with sizes behind', zipOf(zipped, { isZip64: true, hasDescriptor: true })],
  ['zip in zip', zipOf([['inner.zip', zipOf(zipped)]], { isStored: true })],
];

async function bytesIn(bytes: Uint8Array, onIssue: (issue: Issue) => void): Promise<number> {
  const file = path.join(folder, 'archive');
  writeFileSync(file, bytes);
  let given = 0;
  const entry = { kind: 'file', path: file, size: bytes.length } as const;
  for await (const opened of openEntry(entry, { limits: LIMITS, onIssue })) {
    for await (const chunk of opened.chunks) given += chunk.length;
  }
  return given;
}

test.each(ARCHIVES)('%s', async (_, archive) => {
  const { mutate } = createMutator(42);
  for (let run = 0; run < RUNS; run += 1) {
    const issues: Issue[] = [];
    const start = performance.now();
    const given = await bytesIn(mutate(archive), (issue) => issues.push(issue));
    expect(given).toBeLessThanOrEqual(LIMITS.totalBytes + 2_000_000);
    expect(issues.length).toBeLessThan(500);
    expect(performance.now() - start).toBeLessThan(5000);
  }
});
