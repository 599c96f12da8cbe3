/** Finds the public corpora for corpus tests and benchmarks; they are never part of this repository. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const UNPACK = path.resolve(import.meta.dirname, '../../shared/data/unpack');

/** The folder with the unpacked corpora, or undefined (with the reason printed once) when this machine has none. */
export function corpusDir(): string | undefined {
  const chosen = process.env.VIGIE_CORPUS;
  if (chosen !== undefined && existsSync(path.join(chosen, 'sigma'))) return chosen;
  if (existsSync(UNPACK)) return execFileSync('sh', [UNPACK], { encoding: 'utf8' }).trim();
  process.stderr.write(
    'corpus tests skipped: VIGIE_CORPUS is not set and no corpora stand beside the project\n',
  );
  return undefined;
}
