/**
 * Asks the index about every field of an event that can carry an indicator. Hits on values that warning lists know are
 * returned too, marked: the caller counts them, nothing is dropped in silence. At most `MAX_FOUND` hits an event.
 */
import type { Event, EventKind, FieldValue } from '../../model/event.ts';
import type { IndicatorType, IntelHit } from '../../model/live/intel.ts';
import { KEY } from '../table/layout.ts';
import { MAX_FOUND, type Table } from '../table/look-up.ts';
import { refang } from '../values/canonical.ts';
import { urlHostOf } from '../values/url.ts';
import { type CarrierRole, ECS_CARRIERS, OWN_CARRIERS } from './carriers.ts';
import type { IntelIndex } from './intel-index.ts';

export interface IntelMatcher {
  match(event: Event): IntelHit[];
  /** The same for one value outside any event: `vigie intel check`. Expired indicators count too. */
  check(value: string): IntelHit[];
}

/** Elements of a list, and pieces of a text, that are looked at. */
const MAX_ITEMS = 64;
const MAX_TEXT_CHARS = 4096;
const NOTHING: IntelHit[] = [];

interface Carrier {
  readonly name: string;
  readonly role: CarrierRole;
}

interface Plan {
  readonly ecs: readonly Carrier[];
  readonly own: readonly Carrier[];
  /** The parts of a URL stand apart: `url.domain`, `url.path`, `url.query`. */
  readonly hasUrlParts: boolean;
}

export function createIntelMatcher(index: IntelIndex): IntelMatcher {
  const plans = new Map<EventKind, Plan>();
  const look = createLook(index.table);
  const rows: number[] = [];

  function planFor(kind: EventKind): Plan {
    const known = plans.get(kind);
    if (known !== undefined) return known;
    const plan = makePlan(kind);
    plans.set(kind, plan);
    return plan;
  }

  /** Looks, and makes hits of the rows found for this field. */
  function ask(carrier: Carrier, value: string, hits: IntelHit[], atSeconds: number | undefined): IntelHit[] {
    rows.length = 0;
    look(carrier.role, value, rows);
    if (rows.length === 0) return hits;
    const found = hits === NOTHING ? [] : hits;
    for (const row of rows)
      if (found.length < MAX_FOUND) addHit(index, row, { carrier, value, atSeconds }, found);
    return found;
  }

  function match(event: Event): IntelHit[] {
    if (index.indicators === 0) return NOTHING;
    const plan = planFor(event.kind);
    const atSeconds = event.time === undefined ? undefined : event.time.epochMicros / 1_000_000;
    let hits = NOTHING;
    for (const carrier of plan.ecs) {
      const value = event.ecs[carrier.name];
      if (typeof value === 'string') hits = ask(carrier, value, hits, atSeconds);
      else if (typeof value === 'object')
        for (const item of value.slice(0, MAX_ITEMS)) hits = ask(carrier, item, hits, atSeconds);
    }
    for (const carrier of plan.own) {
      const value = event.fields[carrier.name];
      if (value !== undefined) for (const text of textsOf(value)) hits = ask(carrier, text, hits, atSeconds);
    }
    if (plan.hasUrlParts) {
      const url = urlFromParts(event);
      if (url !== undefined) hits = ask({ name: 'url.path', role: 'url' }, url, hits, atSeconds);
    }
    return hits;
  }

  function check(written: string): IntelHit[] {
    const value = refang(written);
    let hits = NOTHING;
    for (const role of ['name', 'url', 'email', 'md5', 'imphash', 'sha1', 'sha256'] as const) {
      hits = ask({ name: role, role }, value, hits, undefined);
    }
    return hits;
  }

  return { match, check };
}

function makePlan(kind: EventKind): Plan {
  const names = new Set(kind.ecsNames);
  const ecs = Object.entries(ECS_CARRIERS)
    .filter(([name]) => names.has(name))
    .map(([name, role]) => ({ name, role }));
  const own = OWN_CARRIERS.filter((carrier) => !carrier.unless.some((name) => names.has(name)));
  const hasUrlParts = names.has('url.domain') && (names.has('url.path') || names.has('url.original'));
  return { ecs, own, hasUrlParts };
}

function textsOf(value: FieldValue): string[] {
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value)) return [];
  return (value as readonly FieldValue[]).slice(0, MAX_ITEMS).filter((item) => typeof item === 'string');
}

/** Host and path put together where the log keeps them apart; undefined where the URL is whole already. */
function urlFromParts({ ecs }: Event): string | undefined {
  const host = ecs['url.domain'];
  const original = ecs['url.original'];
  const path = typeof original === 'string' && original.startsWith('/') ? original : ecs['url.path'];
  if (typeof host !== 'string' || typeof path !== 'string' || !path.startsWith('/')) return undefined;
  const query = ecs['url.query'];
  return `${host}${path}${typeof query === 'string' && !path.includes('?') ? `?${query}` : ''}`;
}

/** One function that asks the table in the way of a role. */
function createLook(table: Table): (role: CarrierRole, value: string, out: number[]) => void {
  const name = (value: string, out: number[]): void => {
    const last = value.charCodeAt(value.length - 1);
    // Addresses end in a digit or have a colon; names almost never do.
    if ((last >= 48 && last <= 57) || value.includes(':')) table.findIp(value, out);
    if (out.length === 0) table.findDomain(value, out);
  };
  const look = (role: CarrierRole, value: string, out: number[]): void => {
    if (value === '' || value === '-') return;
    if (role === 'ip') table.findIp(value, out);
    else if (role === 'name') name(value, out);
    else if (role === 'url') {
      table.findUrl(value, out);
      const host = urlHostOf(value);
      if (host !== undefined) name(host, out);
    } else if (role === 'email' || role === 'peer') mail(role, value, out);
    else if (role === 'hashes') hashes(value, out);
    else if (role === 'text') pieces(value, out);
    else table.findHash(KEY[role], value, out);
  };
  function mail(role: CarrierRole, value: string, out: number[]): void {
    const bare = value.endsWith('>') ? value.slice(value.lastIndexOf('<') + 1, -1) : value;
    const at = bare.lastIndexOf('@');
    if (at < 1) return;
    table.findText(KEY.email, bare, out);
    if (role === 'peer') name(bare.slice(at + 1), out);
  }
  /** `SHA1=…,MD5=…,IMPHASH=…`, as Sysmon writes them. */
  function hashes(value: string, out: number[]): void {
    for (const pair of value.slice(0, MAX_TEXT_CHARS).split(',')) {
      const [kind = '', hash = ''] = pair.split('=');
      const type = (['md5', 'sha1', 'sha256', 'imphash'] as const).find(
        (one) => one === kind.trim().toLowerCase(),
      );
      if (type !== undefined) table.findHash(KEY[type], hash.trim(), out);
    }
  }
  /** Names and addresses among other words: the answers of a DNS query. */
  function pieces(value: string, out: number[]): void {
    for (const piece of value.slice(0, MAX_TEXT_CHARS).split(/[\s,;]+/, MAX_ITEMS)) {
      if (piece.length > 3) name(piece, out);
    }
  }
  return look;
}

interface Asked {
  readonly carrier: Carrier;
  readonly value: string;
  readonly atSeconds: number | undefined;
}

function addHit(index: IntelIndex, row: number, asked: Asked, hits: IntelHit[]): void {
  const { sections } = index.table;
  const { atSeconds } = asked;
  if (atSeconds !== undefined && atSeconds > (sections.until[row] ?? 0)) return;
  const list = index.listAt(row);
  const indicator = index.indicatorAt(row);
  const isKnown = hits.some(
    ({ indicator: other }) =>
      other.listId === indicator.listId && other.type === indicator.type && other.value === indicator.value,
  );
  if (list === undefined || isKnown) return;
  const value = decidingValue(indicator.type, asked.value);
  const warning = index.warnings.check(indicator, value);
  hits.push({
    field: asked.carrier.name,
    value: asked.value.slice(0, MAX_TEXT_CHARS),
    indicator,
    list,
    isEarly: atSeconds !== undefined && atSeconds < (sections.from[row] ?? 0),
    ...(warning === undefined ? {} : { warning }),
  });
}

/** What warning lists are asked about: the host of a URL whose host was listed, the domain of a sender… */
function decidingValue(type: IndicatorType, value: string): string {
  if (type !== 'domain' && type !== 'ip') return value;
  if (value.includes('@') && !value.includes('/')) return value.slice(value.lastIndexOf('@') + 1);
  return urlHostOf(value) ?? value;
}
