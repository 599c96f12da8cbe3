/**
 * What single events say about the log itself: it was cleared, or the clock was moved. Windows facts, from the events'
 * own names (Security 1102; Microsoft-Windows-Eventlog 104; Security 4616; Kernel-General 1), and order: a record
 * number that grows while time goes back. Pauses and missing numbers are `log-health.ts`.
 */
import { readPath } from '../../../lib/path.ts';
import type { Event, FieldValue } from '../../../model/event.ts';
import type { ClockJump, LogClear } from '../../../model/hunt.ts';
import { isoOf } from './iso.ts';
import type { Seen } from './tally.ts';

/** Smallest clock change worth a line, in seconds: time services correct less all day. */
const LEAST_JUMP_SECONDS = 60;
/** Records written by several threads may be this much out of order without any clock change. */
const LEAST_DISORDER_SECONDS = 300;

/** Whether events of this id, as it is written in the record, may carry a note: for readers that do not parse every event. */
export function isNotedEventId(id: FieldValue | undefined, channel: FieldValue | undefined): boolean {
  const number = Number(id ?? Number.NaN);
  // What has the id in other logs is too much to be parsed: every process of Sysmon.
  if (number === 1) return channel === 'System' || typeof channel !== 'string';
  return number === 1102 || number === 104 || number === 4616;
}

export function clearNote(event: Event, seen: Seen): LogClear | undefined {
  const id = Number(event.fields.EventID);
  const isSecurity = id === 1102 && seen.channel === 'Security';
  const isOther = id === 104 && event.fields.Provider_Name === 'Microsoft-Windows-Eventlog';
  if (!isSecurity && !isOther) return undefined;
  const named = event.fields.EventData_Channel ?? readPath(event.fields, 'UserData.LogFileCleared.Channel');
  const channel = isSecurity ? 'Security' : typeof named === 'string' ? named : seen.channel;
  return { at: event.time?.iso ?? '', host: seen.host, user: seen.user, channel, path: event.origin.path };
}

export function clockNote(event: Event, seen: Seen): ClockJump | undefined {
  const { fields } = event;
  const isSecurity = Number(fields.EventID) === 4616;
  const isKernel =
    Number(fields.EventID) === 1 && fields.Provider_Name === 'Microsoft-Windows-Kernel-General';
  if (!isSecurity && !isKernel) return undefined;
  const before = Date.parse(String(fields.PreviousTime ?? fields.OldTime ?? ''));
  const after = Date.parse(String(fields.NewTime ?? ''));
  const seconds = Math.round((after - before) / 1000);
  if (!(Math.abs(seconds) >= LEAST_JUMP_SECONDS)) return undefined;
  const at = event.time?.iso ?? '';
  return { at, host: seen.host, channel: seen.channel, seconds, path: event.origin.path };
}

interface LastSeen {
  readonly number: number;
  readonly micros: number;
}

/** Remembers the last record of each numbered stream of one file; tells when time went back between two records. */
export function createOrderWatch(path: string): (seen: Seen) => ClockJump | undefined {
  const lasts = new Map<string, LastSeen>();
  return (seen) => {
    if (seen.recordNumber === undefined || seen.micros === undefined) return undefined;
    const key = `${seen.host}\n${seen.channel}`;
    const last = lasts.get(key);
    if (last !== undefined && seen.recordNumber <= last.number) return undefined;
    if (lasts.size < 1_000 || last !== undefined) {
      lasts.set(key, { number: seen.recordNumber, micros: seen.micros });
    }
    const seconds = last === undefined ? 0 : Math.round((seen.micros - last.micros) / 1e6);
    if (seconds > -LEAST_DISORDER_SECONDS) return undefined;
    return { at: isoOf(seen.micros), host: seen.host, channel: seen.channel, seconds, path };
  };
}
