/** The snippets of docs/manual/connect-http*.md for clients that are on this machine, run as they are written. */
import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { INGEST_TOKEN, startTestApi, type TestApi } from './api-server.ts';
import { ROOT } from './house.ts';

const run = promisify(execFile);

function snippets(file: string, language: string): string[] {
  const text = readFileSync(path.join(ROOT, 'docs/manual', file), 'utf8');
  return [...text.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, 'g'))].map(
    ([, code = '']) => code,
  );
}

function hasCurl(): boolean {
  try {
    execFileSync('curl', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    process.stdout.write('skipped: curl is not on this machine\n');
    return false;
  }
}

let test: TestApi;
beforeAll(async () => {
  test = await startTestApi();
});
afterAll(() => test.close());

async function arrives(command: string, args: readonly string[]): Promise<void> {
  const before = test.intake.texts().length;
  const env = { ...process.env, VIGIE: test.url, TOKEN: INGEST_TOKEN };
  await run(command, args, { cwd: ROOT, env });
  expect(test.intake.texts().length).toBeGreaterThan(before);
}

describe.skipIf(!hasCurl())('curl', () => {
  const shell = [...snippets('connect-http.md', 'sh'), ...snippets('connect-http.fr.md', 'sh')];
  it('has its snippets', () => expect(shell.length).toBe(6));
  it.each(shell)('%s', (code) => arrives('bash', ['-eo', 'pipefail', '-c', code]));
});

describe('Node', () => {
  const scripts = snippets('connect-http.md', 'js');
  it('has its snippets', () => expect(scripts.length).toBe(2));
  it.each(scripts)('%s', (code) => arrives(process.execPath, ['--input-type=module', '-e', code]));
});
