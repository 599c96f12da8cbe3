/** Commands are loaded when they are named: nothing may be missing for it. */
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './house.ts';
import { runIn } from './program-runner.ts';

const NAMES = ['hunt', 'up', 'config', 'search', 'intel', 'store', 'demo', 'dead-letters'];

describe('start of a command', () => {
  it('lists every command when none is named', async () => {
    const { out } = await runIn(tmpdir(), ['--help']);
    for (const name of NAMES) expect(out).toMatch(new RegExp(`^ {2}${name} `, 'm'));
  });

  it('knows a command after global options whose value is another’s name', async () => {
    const { code, out } = await runIn(tmpdir(), ['--data', 'hunt', '--lang=en', 'token', '--help']);
    expect(code).toBe(0);
    expect(out).toContain('vigie token');
  });

  it('still guesses what a misspelt command was to be', async () => {
    const { code, err } = await runIn(tmpdir(), ['hnt', 'logs']);
    expect(code).toBe(2);
    expect(err).toContain('Did you mean hunt?');
  });

  it('loads no engine to say its version or its commands', () => {
    const loaded = `const { registerHooks } = await import('node:module'); let heavy = 0;
      registerHooks({ load: (url, context, next) => { heavy += /src.(areas.(anticipate|ingest|demo)|sigma|codecs|store)./.test(url); return next(url, context); } });
      const { run } = await import(${JSON.stringify(path.join(ROOT, 'src/app.ts'))});
      for (const word of ['--version', '--help']) await run([word]); console.log('heavy', heavy);`;
    const out = execFileSync(process.execPath, ['--input-type=module', '-e', loaded], { encoding: 'utf8' });
    expect(out).toMatch(/^\d+\.\d+\.\d+\n/);
    expect(out).toMatch(/heavy 0\n$/);
  });
});
