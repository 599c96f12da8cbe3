/**
 * The order in which issues and notes are listed, and by which those kept are chosen: it depends on nothing but
 * themselves, so that any number of threads keeps and lists the same.
 */
import type { ClockJump, LogClear } from '../../../model/hunt.ts';
import type { Issue } from '../../../model/issue.ts';

/** By file and place in it; then by what is said. */
export function isIssueBefore(a: Issue, b: Issue): boolean {
  const [here, there] = [a.place, b.place];
  if (here.path !== there.path) return (here.path ?? '') < (there.path ?? '');
  const distance = (here.offset ?? 0) - (there.offset ?? 0) || (here.line ?? 0) - (there.line ?? 0);
  return distance === 0 ? restOf(a) < restOf(b) : distance < 0;
}

function restOf({ place, params }: Issue): string {
  return JSON.stringify([place.column ?? 0, place.pointer ?? '', params ?? {}]);
}

/** By time; then by machine, log and the rest. */
export function isNoteBefore<T extends LogClear | ClockJump>(a: T, b: T): boolean {
  return a.at === b.at ? keyOf(a) < keyOf(b) : a.at < b.at;
}

function keyOf(note: LogClear | ClockJump): string {
  const rest = 'user' in note ? note.user : String(note.seconds);
  return [note.host, note.channel, rest, note.path].join('\n');
}
