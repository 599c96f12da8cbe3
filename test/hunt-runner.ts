/** Runs the real command as a person would, for end-to-end tests. */
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT } from './house.ts';

export interface CommandResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `vigie …` to its end; `input` is given on standard input. */
export function runVigie(
  args: readonly string[],
  options: { input?: string | Buffer; cache?: string } = {},
): Promise<CommandResult> {
  const child = spawn(process.execPath, [path.join(ROOT, 'bin/vigie.mjs'), ...args], {
    env: {
      PATH: process.env.PATH,
      LANG: 'C.UTF-8',
      VIGIE_ZONE: 'Europe/Paris',
      XDG_CACHE_HOME: options.cache ?? path.join(tmpdir(), 'vigie-test-cache'),
    },
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  child.stdin.on('error', () => {}); // the command may end before it has read everything
  child.stdin.end(options.input ?? '');
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code: code ?? -1, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() });
    });
  });
}
