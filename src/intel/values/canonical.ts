/**
 * One spelling for each kind of indicator, so that equal things compare equal: lower case, `xn--`, cleared host bits,
 * defanged text (`hxxp://evil[.]example`) made whole. It refuses what would hit far more than its author meant. It does
 * not know warning lists.
 */
import { getPublicSuffix } from 'tldts';
import type { IndicatorType } from '../../model/live/intel.ts';
import { formatIp, parseIp, parseIpRange } from './ip.ts';
import { asciiHost, canonicalUrl } from './url.ts';

/** Ranges wider than these are mistakes, or policy; not indicators. */
const WIDEST = { 4: 8, 6: 19 } as const;
const HASH_LENGTHS: Readonly<Partial<Record<IndicatorType, number>>> = {
  md5: 32,
  imphash: 32,
  sha1: 40,
  sha256: 64,
};
const MAX_VALUE_CHARS = 4096;

export type CanonicalResult =
  | { readonly kind: 'ok'; readonly value: string }
  | { readonly kind: 'bad-value' | 'public-suffix' }
  | { readonly kind: 'too-wide'; readonly limit: number };

const BAD: CanonicalResult = { kind: 'bad-value' };

/**
 * @example canonicalValue('domain', 'Evil[.]Example.') // { kind: 'ok', value: 'evil.example' }
 * @example canonicalValue('domain', 'co.uk') // { kind: 'public-suffix' }
 */
export function canonicalValue(type: IndicatorType, raw: string): CanonicalResult {
  if (raw.length > MAX_VALUE_CHARS) return BAD;
  const text = refang(raw);
  if (type === 'domain') return canonicalDomain(text);
  if (type === 'ip') return canonicalRange(text);
  if (type === 'url') return canonicalUrlValue(text);
  if (type === 'email') return canonicalEmail(text);
  return text.length === HASH_LENGTHS[type] && /^[0-9a-f]+$/i.test(text) ? ok(text.toLowerCase()) : BAD;
}

function ok(value: string): CanonicalResult {
  return { kind: 'ok', value };
}

/** Undoes what analysts write so that nobody clicks: `hxxps`, `[.]`, `(dot)`, `[:]//`, `[@]`, `\.`. */
export function refang(raw: string): string {
  const text = raw.trim().replace(/^["'<`]+|["'>`]+$/g, '');
  if (!/[[({\\]|^(hxx|meow|h\*\*)/i.test(text)) return text;
  return text
    .replace(/^(?:h(?:xx|\*\*)p|meow)(s?)(?=[:[(])/i, 'http$1')
    .replace(/\s*[[({]\s*(?:\.|dot|punto|point)\s*[\])}]\s*/gi, '.')
    .replace(/\s*[[({]\s*(?:@|at)\s*[\])}]\s*/gi, '@')
    .replace(/\[:\/\/\]/g, '://')
    .replace(/[[(]:[\])]/g, ':')
    .replace(/[[(]\/[\])]/g, '/')
    .replaceAll('\\.', '.');
}

function canonicalDomain(text: string): CanonicalResult {
  const name = asciiHost(text.replace(/^(\*?\.)+/, ''));
  if (name === undefined || !isDomainName(name) || parseIp(name) !== undefined) return BAD;
  return isPublicSuffix(name) ? { kind: 'public-suffix' } : ok(name);
}

function isDomainName(name: string): boolean {
  return name.length <= 253 && /^(?=.*[a-z])[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/.test(name);
}

/** Also the private part of the list (`github.io`): names below it belong to different people. */
function isPublicSuffix(name: string): boolean {
  const suffix = getPublicSuffix(name, {
    allowPrivateDomains: true,
    extractHostname: false,
    validateHostname: false,
  });
  return suffix === name || !name.includes('.');
}

/** A port behind the address (`192.0.2.1:8443`, `192.0.2.1|8443`) is not part of it. */
function canonicalRange(text: string): CanonicalResult {
  const bare = /^(?:\[(.+)\]|([\d.]+))[:|]\d{1,5}$/.exec(text);
  const range = parseIpRange(bare?.[1] ?? bare?.[2] ?? text.replace(/\|\d{1,5}$/, ''));
  if (range === undefined) return BAD;
  const limit = WIDEST[range.family];
  return range.prefix < limit ? { kind: 'too-wide', limit } : ok(formatIp(range));
}

function canonicalUrlValue(text: string): CanonicalResult {
  const url = /\s/.test(text) ? undefined : canonicalUrl(text);
  if (url === undefined) return BAD;
  const isHost = url.host.startsWith('[') || isDomainName(url.host) || parseIp(url.host) !== undefined;
  return isHost && isAscii(url.text) ? ok(url.text) : BAD;
}

function canonicalEmail(text: string): CanonicalResult {
  const bare = /<([^<>]+)>$/.exec(text)?.[1] ?? text.replace(/^mailto:/i, '');
  const at = bare.lastIndexOf('@');
  const host = at < 1 ? undefined : asciiHost(bare.slice(at + 1));
  const local = bare.slice(0, at);
  if (host === undefined || !isDomainName(host) || at > 64 || !/^[\x21-\x7e]+$/.test(local)) return BAD;
  return ok(`${local.toLowerCase()}@${host}`);
}

function isAscii(text: string): boolean {
  return /^[\x21-\x7e]*$/.test(text);
}

/**
 * What a bare value in a plain list most likely is; undefined when nothing fits. 32 hexadecimal digits are an MD5: an
 * imphash has to be named by its list.
 */
export function guessType(raw: string): IndicatorType | undefined {
  const text = refang(raw);
  if (/^[0-9a-f]+$/i.test(text)) {
    const byLength = (['md5', 'sha1', 'sha256'] as const).find((type) => HASH_LENGTHS[type] === text.length);
    if (byLength !== undefined) return byLength;
  }
  for (const type of /^[^/]*@/.test(text) && !text.includes('://')
    ? (['email'] as const)
    : (['ip', 'domain', 'url'] as const)) {
    const result = canonicalValue(type, text);
    if (result.kind !== 'bad-value') return type;
  }
  return undefined;
}
