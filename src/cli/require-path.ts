/** Refuses, before anything is read, a path given as an argument that is not there. Does not open it. */
import { existsSync } from 'node:fs';
import { type CommandContext, UsageError } from './command.ts';

/** @throws UsageError naming the option and the path */
export function requirePath(option: string, target: string | undefined, { say }: CommandContext): void {
  if (target === undefined || existsSync(target)) return;
  throw new UsageError(
    `${option} "${target}": ${say({ en: 'no such file or directory', fr: 'ce fichier ou dossier n’existe pas' })}`,
  );
}
