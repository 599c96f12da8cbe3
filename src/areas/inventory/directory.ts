/** Entries of Active Directory or another LDAP directory as cells of inventory fields. Groups and units are passed over. */
import type { ItemType } from '../../model/live/inventory.ts';
import type { Cells } from './draft.ts';
import type { DirectoryEntry } from './ldif.ts';

/** https://learn.microsoft.com/troubleshoot/windows-server/active-directory/useraccountcontrol-manipulate-account-properties */
const ACCOUNT_DISABLED = 0x2;
const SERVER_TRUST = 0x2000;

const MACHINES = ['computer'];
const SERVICES = ['msds-groupmanagedserviceaccount', 'msds-managedserviceaccount'];
const PEOPLE = ['user', 'person', 'inetorgperson', 'posixaccount', 'organizationalperson'];

/** Undefined for what is neither a machine nor somebody. */
export function fromDirectory(
  entry: DirectoryEntry,
): { readonly type: ItemType; readonly cells: Cells } | undefined {
  const classes = all(entry, 'objectclass').map((name) => name.toLowerCase());
  const has = (names: readonly string[]): boolean => classes.some((name) => names.includes(name));
  if (has(MACHINES) && !has(SERVICES)) return { type: 'asset', cells: machineCells(entry) };
  if (has(SERVICES)) return { type: 'account', cells: accountCells(entry) };
  return has(PEOPLE) ? { type: 'person', cells: accountCells(entry) } : undefined;
}

function machineCells(entry: DirectoryEntry): Cells {
  const system = first(entry, 'operatingsystem');
  const control = Number(first(entry, 'useraccountcontrol') ?? 0);
  return compact({
    name: first(entry, 'cn') ?? first(entry, 'name'),
    host: first(entry, 'samaccountname')?.replace(/\$$/, '') ?? first(entry, 'cn'),
    fqdn: first(entry, 'dnshostname'),
    sid: sidOf(entry),
    kind: kindOf(system, control),
    system,
    location: first(entry, 'location'),
    notes: first(entry, 'description'),
    owner: commonName(first(entry, 'managedby')),
    enabled: first(entry, 'useraccountcontrol') === undefined ? undefined : enabled(control),
  });
}

function kindOf(system: string | undefined, control: number): string | undefined {
  if ((control & SERVER_TRUST) !== 0) return 'domain-controller';
  if (system === undefined) return undefined;
  if (/server|linux|ubuntu|debian|red ?hat|centos|rocky|suse/i.test(system)) return 'server';
  return /windows|mac ?os/i.test(system) ? 'workstation' : undefined;
}

function accountCells(entry: DirectoryEntry): Cells {
  const login = first(entry, 'samaccountname') ?? first(entry, 'uid');
  const domain = domainOf(first(entry, 'dn') ?? first(entry, 'distinguishedname') ?? '');
  const names = [
    login === undefined ? undefined : domain === '' ? login : `${login}@${domain}`,
    first(entry, 'userprincipalname'),
  ].filter((name) => name !== undefined);
  const control = first(entry, 'useraccountcontrol');
  return compact({
    name: first(entry, 'displayname') ?? first(entry, 'cn') ?? first(entry, 'name'),
    account: names.join(';'),
    sid: sidOf(entry),
    email: first(entry, 'mail'),
    ward: first(entry, 'department') ?? first(entry, 'departmentnumber'),
    title: first(entry, 'title'),
    owner: commonName(first(entry, 'manager')),
    notes: first(entry, 'description'),
    privileged: first(entry, 'admincount') === '1' ? 'yes' : undefined,
    enabled: control === undefined ? undefined : enabled(Number(control)),
  });
}

function enabled(control: number): string {
  return (control & ACCOUNT_DISABLED) === 0 ? 'yes' : 'no';
}

function compact(cells: Readonly<Record<string, string | undefined>>): Cells {
  return Object.fromEntries(Object.entries(cells).filter(([, text]) => text !== undefined && text !== ''));
}

function all(entry: DirectoryEntry, name: string): string[] {
  return (entry.attributes.get(name) ?? []).filter((value) => typeof value === 'string');
}

function first(entry: DirectoryEntry, name: string): string | undefined {
  const value = all(entry, name)[0]?.trim();
  return value === '' ? undefined : value;
}

/** `OU=x,DC=chu,DC=example` → `chu.example`. */
function domainOf(dn: string): string {
  return [...dn.matchAll(/(?:^|,)\s*dc=([^,]+)/gi)].map((match) => match[1]?.trim().toLowerCase()).join('.');
}

/** `CN=Dupont\, Marie,OU=x` → `Dupont, Marie`. */
function commonName(dn: string | undefined): string | undefined {
  return /^cn=((?:\\.|[^,\\])+)/i.exec(dn ?? '')?.[1]?.replace(/\\(.)/g, '$1');
}

/** As text, as bytes, or in hexadecimal as CSVDE writes them: `X'0105…'`. */
function sidOf(entry: DirectoryEntry): string | undefined {
  const value = entry.attributes.get('objectsid')?.[0];
  if (value === undefined) return undefined;
  if (typeof value !== 'string') return sidText(value);
  const hex = /^X'([0-9a-f]+)'$/i.exec(value)?.[1];
  if (hex !== undefined) return sidText(Buffer.from(hex, 'hex'));
  return value.startsWith('S-1-') ? value : sidText(Buffer.from(value, 'utf8'));
}

/** [MS-DTYP] 2.4.2.2: revision, count, 6 bytes big-endian authority, then 4 bytes little-endian each. */
function sidText(bytes: Uint8Array): string | undefined {
  const view = Buffer.from(bytes);
  const count = view[1] ?? 0;
  if (view[0] !== 1 || count < 1 || count > 15 || view.length !== 8 + 4 * count) return undefined;
  const parts = Array.from({ length: count }, (_, index) => view.readUInt32LE(8 + 4 * index));
  return `S-1-${view.readUIntBE(2, 6)}-${parts.join('-')}`;
}
