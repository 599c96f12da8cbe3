/**
 * The keys that name an item, in one spelling, and which names mean the same: `CHU\mdupont` and `mdupont@chu.example`
 * are one person, `pc-12` and `pc-12.chu.example` one machine. No merging here.
 */
import ipaddr from 'ipaddr.js';
import { type ItemKey, KEY_KINDS, type KeyKind } from '../../model/live/inventory.ts';

/** Names that say which domain they are of; two items that have different ones are not the same for a bare name. */
export const FULL_NAMES: readonly KeyKind[] = ['fqdn', 'account', 'upn'];

const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;
const SID = /^S-1-\d{1,15}(-\d{1,10}){1,15}$/;

/** Undefined when it is no machine name. */
export function hostKey(text: string): ItemKey | undefined {
  const name = text.trim().toLowerCase().replace(/\.$/, '').replace(/\$$/, '');
  const labels = name.split('.');
  if (name.length > 253 || !labels.every((label) => LABEL.test(label))) return undefined;
  if (ipaddr.isValid(name)) return undefined;
  return { kind: labels.length === 1 ? 'host' : 'fqdn', value: name };
}

/** One spelling for IPv4, IPv6 and IPv4 inside IPv6. */
export function addressKey(text: string): ItemKey | undefined {
  const trimmed = text.trim();
  if (!/^(\d{1,3}(\.\d{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)$/.test(trimmed)) return undefined;
  if (!ipaddr.isValid(trimmed)) return undefined;
  return { kind: 'address', value: ipaddr.process(trimmed).toString() };
}

export function macKey(text: string): ItemKey | undefined {
  const digits = text.trim().toLowerCase().replace(/[:.-]/g, '');
  return /^[0-9a-f]{12}$/.test(digits)
    ? { kind: 'mac', value: digits.match(/../g)?.join(':') ?? digits }
    : undefined;
}

export function sidKey(text: string): ItemKey | undefined {
  const value = text.trim().toUpperCase();
  return SID.test(value) ? { kind: 'sid', value } : undefined;
}

/** Any way to write an account: SID, `domain\user`, `user@domain`, bare login. */
export function accountKey(text: string): ItemKey | undefined {
  const name = text.trim().toLowerCase();
  const sid = sidKey(name);
  if (sid !== undefined) return sid;
  const [, domain, user] = /^([^\\/@\s]{1,64})[\\/]([^\\/@]{1,256})$/.exec(name) ?? [];
  if (domain !== undefined) return { kind: 'account', value: `${domain.split('.')[0]}\\${user}` };
  if (/^[^\\/@\s]{1,256}@[a-z0-9.-]{1,253}$/.test(name)) return { kind: 'upn', value: name };
  return /^[^\\/@\u0000-\u001f]{1,256}$/.test(name) ? { kind: 'login', value: name } : undefined;
}

/**
 * Names that follow from what was said, and count only where they name one item alone: the first label of an FQDN; of
 * `user@a.b.c` the accounts `a\user` and `b\user` (the old domain name is usually one of the labels) and the login.
 */
export function derivedKeys(keys: readonly ItemKey[]): ItemKey[] {
  return keys.flatMap(({ kind, value }): ItemKey[] => {
    if (kind === 'fqdn') return [{ kind: 'host', value: value.split('.')[0] ?? '' }];
    if (kind === 'account') return [{ kind: 'login', value: value.slice(value.indexOf('\\') + 1) }];
    if (kind !== 'upn') return [];
    const at = value.lastIndexOf('@');
    const login = value.slice(0, at);
    const labels = value
      .slice(at + 1)
      .split('.')
      .slice(0, -1);
    return [
      ...labels.map((label): ItemKey => ({ kind: 'account', value: `${label}\\${login}` })),
      { kind: 'login', value: login },
    ];
  });
}

export function emailKey(text: string): ItemKey | undefined {
  const value = text.trim().toLowerCase();
  return /^[^\s@]{1,64}@[a-z0-9.-]{1,253}$/.test(value) ? { kind: 'email', value } : undefined;
}

/** Same words whatever the case, accents and spacing: how wards and column names are compared. */
export function plainWords(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Each once, in the model's order. */
export function sortKeys(keys: readonly ItemKey[]): ItemKey[] {
  const byText = new Map(keys.map((key) => [keyText(key), key]));
  return [...byText.values()].sort((a, b) => {
    const byKind = KEY_KINDS.indexOf(a.kind) - KEY_KINDS.indexOf(b.kind);
    return byKind !== 0 ? byKind : a.value < b.value ? -1 : 1;
  });
}

export function keyText(key: ItemKey): `${KeyKind}:${string}` {
  return `${key.kind}:${key.value}`;
}
