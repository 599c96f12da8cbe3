/** A file that a command was given and that cannot be read or written, as one line for the person. */
import { systemReason } from '../model/issue.ts';
import { UsageError } from './command.ts';
import { printable } from './text-table.ts';

/** @example throw fileComplaint('/etc/shadow', error) // "/etc/shadow: permission denied" */
export function fileComplaint(file: string, error: unknown): UsageError {
  const message = error instanceof Error ? error.message : String(error);
  const known = systemReason(String((error as { code?: unknown } | undefined)?.code));
  const reason = known ?? { en: message, fr: message };
  return new UsageError({ en: printable(`${file}: ${reason.en}`), fr: printable(`${file} : ${reason.fr}`) });
}
