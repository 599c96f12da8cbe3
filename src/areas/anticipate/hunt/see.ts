/** What the hunt counts of an Event: its source, host, account, channel, time and record number. Pure. */
import type { Event } from '../../../model/event.ts';
import type { Seen } from './tally.ts';

/** Accounts that are not people nor services: machine accounts and the system's own. */
const NOBODY = /\$$|^(system|local service|network service|anonymous logon|dwm-\d+|umfd-\d+|n\/a|-)$/i;

/** The account as it is counted; empty for those that stand for nobody. `m.durand@chu.example` is `m.durand`. */
export function accountOf(name: string): string {
  const at = name.indexOf('@');
  const account = at > 0 ? name.slice(0, at) : name;
  return NOBODY.test(account) ? '' : account;
}

/** The text of an ECS value; of a list, its first. */
export function firstText(value: unknown): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) && typeof value[0] === 'string' ? value[0] : '';
}

export function seeEvent(event: Event): Seen {
  const recordNumber = Number(event.fields.EventRecordID ?? event.fields.RecordNumber ?? Number.NaN);
  const channel = event.fields.Channel;
  return {
    sourceId: event.kind.sourceId,
    host: firstText(event.ecs['host.name']),
    user: accountOf(firstText(event.ecs['user.name'])),
    channel: typeof channel === 'string' ? channel : event.kind.sourceId,
    micros: event.time?.epochMicros,
    recordNumber: Number.isSafeInteger(recordNumber) ? recordNumber : undefined,
  };
}
