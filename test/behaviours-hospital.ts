/** Weeks of ordinary logons of a small made-up hospital, and one odd one. Seeded: the same events for the same seed. */
import type { Event } from '../src/model/event.ts';
import { eventRows, type RowMeta } from '../src/model/live/event-block.ts';
import type { InventoryItem } from '../src/model/live/inventory.ts';

/** 2026-09-01, a Tuesday. */
export const FIRST_DAY = Math.floor(Date.UTC(2026, 8, 1) / 86_400_000);
const DAY = 86_400_000;
const WARD_NAMES = ['cardiology', 'emergency', 'maternity', 'radiology'];
const WARDS = WARD_NAMES.length;
const PEOPLE = 15;
const ADMINS = 3;
const KIND = { sourceId: 'windows-security', sourceVersion: 1, bindings: [], ecsNames: ['user.name'] };

/** mulberry32 */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface Logon {
  readonly millis: number;
  readonly user: string;
  readonly host: string;
  readonly outcome: 'success' | 'failure';
}

/** In the order of time. `odd`: on that day one ward account goes to the backup server. */
export function hospitalLogons(seed: number, days: number, odd?: number): Logon[] {
  const random = randomOf(seed);
  const pick = (count: number): number => Math.floor(random() * count);
  const logons: Logon[] = [];
  for (let day = 0; day < days; day++) {
    const at = (): number => (FIRST_DAY + day) * DAY + 6 * 3_600_000 + pick(12 * 3_600_000);
    const add = (user: string, host: string): void => {
      // The same person and machine under their several spellings.
      const spelt = [user, `CHU\\${user.toUpperCase()}`, `${user}@chu.example`][pick(3)] ?? user;
      const named = random() < 0.5 ? host : `${host.toUpperCase()}.chu.example`;
      logons.push({ millis: at(), user: spelt, host: named, outcome: 'success' });
    };
    for (let ward = 0; ward < WARDS; ward++) {
      for (let person = 0; person < PEOPLE; person++) {
        if (random() < 0.3) continue;
        const user = `w${ward}.p${person}`;
        add(user, `srv-files`);
        // Mostly one's own machine, often another of the ward, seldom one of another ward.
        add(user, `pc-${ward}-${random() < 0.7 ? person % 8 : pick(8)}`);
        if (random() < 0.02) add(user, `pc-${pick(WARDS)}-${pick(8)}`);
      }
    }
    for (let admin = 0; admin < ADMINS; admin++) {
      for (let visit = 0; visit < 3; visit++) add(`adm${admin}`, `srv-${pick(20)}`);
      add(`adm${admin}`, 'srv-backup-01');
    }
    logons.push({ millis: at(), user: 'PC-0-1$', host: 'srv-files', outcome: 'success' });
    logons.push({ millis: at(), user: 'SYSTEM', host: 'pc-0-1', outcome: 'success' });
    logons.push({ millis: at(), user: 'w0.p1', host: 'srv-backup-01', outcome: 'failure' });
    if (day === odd) add('w0.p3', 'srv-backup-01');
  }
  return logons.sort((a, b) => a.millis - b.millis);
}

/** Who works where, as an inventory knows it. */
export function hospitalPeople(): InventoryItem[] {
  return Array.from({ length: WARDS * PEOPLE }, (_, index) => {
    const ward = Math.floor(index / PEOPLE);
    const login = `w${ward}.p${index % PEOPLE}`;
    return {
      id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      type: 'person',
      name: login,
      kind: undefined,
      criticality: undefined,
      ward: WARD_NAMES[ward],
      owner: undefined,
      isPrivileged: undefined,
      isEnabled: undefined,
      details: {},
      keys: [{ kind: 'login', value: login }],
    };
  });
}

/** Rows of `events`; a logon's number is its name. */
export function logonRows(logons: readonly Logon[], firstSeq: number): Uint8Array {
  const rows = logons.map((logon, index): [Event, RowMeta] => [
    eventOf(logon),
    {
      node: 1,
      seq: firstSeq + index,
      sender: { receiver: 'test', peer: '10.0.0.7' },
      receivedAtMillis: (FIRST_DAY + 100) * DAY,
    },
  ]);
  return eventRows(rows).bytes;
}

function eventOf({ millis, user, host, outcome }: Logon): Event {
  return {
    kind: KIND,
    time: { epochMicros: millis * 1_000, iso: new Date(millis).toISOString(), assumed: [] },
    ecs: {
      'event.category': ['authentication'],
      'event.type': ['start'],
      'event.outcome': outcome,
      'event.action': 'logged-in',
      'user.name': user,
      'host.name': host,
    },
    fields: {},
    text: `${user} on ${host}`,
    origin: { path: '-', offset: 0 },
    format: 'text',
  };
}
