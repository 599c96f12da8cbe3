/** Conversions of `as` in ECS mappings: a value that does not convert gives undefined and is left out. */
import type { EcsMapping } from '../model/content/source.ts';
import type { EcsValue, FieldValue } from '../model/event.ts';
import { textOf } from './access.ts';
import { extension, urlHost, urlPath, urlQuery } from './url.ts';

export type Conversion = NonNullable<Exclude<EcsMapping, string>['as']>;
export type Converter = (value: FieldValue) => EcsValue | undefined;

const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;
const IPV6 = /^[0-9a-f:]{2,39}(?:\d{1,3}(?:\.\d{1,3}){3})?$/i;

/** The plain value: scalars as they are, lists of scalars as lists of text, nothing for objects. */
export function plain(value: FieldValue): EcsValue | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return value.toString();
  return Array.isArray(value) ? listOf(value) : undefined;
}

/** The texts of a list; undefined for anything else. */
export function plainList(value: FieldValue | undefined): readonly string[] | undefined {
  return Array.isArray(value) ? listOf(value) : undefined;
}

function listOf(value: FieldValue): readonly string[] | undefined {
  const items = Array.isArray(value) ? (value as readonly FieldValue[]) : [value];
  const texts: string[] = [];
  for (const item of items) {
    const text = textOf(item);
    if (text !== undefined && text !== '') texts.push(text);
  }
  return texts.length === 0 ? undefined : texts;
}

function onText(convert: (text: string) => EcsValue | undefined): Converter {
  return (value) => {
    const text = textOf(Array.isArray(value) ? (value as readonly FieldValue[])[0] : value);
    return text === undefined || text === '' ? undefined : convert(text);
  };
}

function long(text: string): number | undefined {
  if (text.length <= SAFE_DIGITS) {
    const value = digitsOf(text);
    if (value >= 0) return value;
  }
  const value = /^-?\d+(?:\.0*)?$/.test(text) || /^0x[0-9a-f]+$/i.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}

/** Numbers of so many digits are all safe. */
const SAFE_DIGITS = 15;

/** The number that a few digits alone write; -1 for anything else. */
function digitsOf(text: string): number {
  let value = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return text === '' ? -1 : value;
}

function double(text: string): number | undefined {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

function hex(text: string): number | undefined {
  const value = Number.parseInt(text, 16);
  return /^(?:0x)?[0-9a-f]+$/i.test(text) && Number.isSafeInteger(value) ? value : undefined;
}

function boolean(text: string): boolean | undefined {
  switch (text.toLowerCase()) {
    case 'true':
    case 't':
    case 'yes':
    case '1':
      return true;
    case 'false':
    case 'f':
    case 'no':
    case '0':
      return false;
    default:
      return undefined;
  }
}

/** An address without brackets, port or zone; IPv4 inside IPv6 is written as IPv4. */
function ip(text: string): string | undefined {
  if (isPlainIpv4(text)) return text;
  const bare = /^\[([^\]]+)\]/.exec(text)?.[1] ?? text;
  const [address = ''] = bare.split('%');
  const lower = address.toLowerCase();
  const inner = lower.startsWith('::ffff:') ? lower.slice(7) : lower;
  if (IPV4.test(inner)) return inner.split('.').every((part) => Number(part) <= 255) ? inner : undefined;
  const withPort = /^(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/.exec(inner)?.[1];
  if (withPort !== undefined) return ip(withPort);
  return IPV6.test(lower) && lower.includes(':') ? lower : undefined;
}

/** Four numbers up to 255 between points, and nothing else: the most common by far. */
function isPlainIpv4(text: string): boolean {
  const { length } = text;
  if (length < 7 || length > 15) return false;
  let points = 0;
  let digits = 0;
  let part = 0;
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at);
    if (code === 46) {
      if (digits === 0 || ++points > 3) return false;
      digits = 0;
      part = 0;
      continue;
    }
    if (code < 48 || code > 57 || ++digits > 3) return false;
    part = part * 10 + code - 48;
    if (part > 255) return false;
  }
  return points === 3 && digits > 0;
}

/** The last part of a Windows or Unix path. */
function basename(text: string): string | undefined {
  const cut = Math.max(text.lastIndexOf('\\'), text.lastIndexOf('/'));
  const name = text.slice(cut + 1);
  return name === '' ? undefined : name;
}

/** The account of `DOMAIN\user` or `user@domain`. */
function user(text: string): string | undefined {
  const slash = text.lastIndexOf('\\');
  if (slash !== -1) return text.slice(slash + 1) || undefined;
  const at = text.indexOf('@');
  return (at > 0 ? text.slice(0, at) : text) || undefined;
}

function domain(text: string): string | undefined {
  const slash = text.lastIndexOf('\\');
  if (slash !== -1) return text.slice(0, slash) || undefined;
  const at = text.indexOf('@');
  return at > 0 ? text.slice(at + 1) || undefined : undefined;
}

const BACKSLASH = 0x5c;

/** A machine's name in lower case, without the backslashes of a UNC path or a final dot. */
function host(text: string): string | undefined {
  let start = 0;
  while (text.charCodeAt(start) === BACKSLASH) start++;
  const end = text.length > start && text.endsWith('.') ? text.length - 1 : text.length;
  const name = (end - start === text.length ? text : text.slice(start, end)).toLowerCase();
  return name === '' || name === '-' ? undefined : name;
}

/** Depth and size are bounded by the codec that read the value. */
function json(value: FieldValue): string | undefined {
  if (typeof value !== 'object') return textOf(value);
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'bigint' ? member.toString() : member,
  );
}

export const CONVERTERS: Readonly<Record<Conversion, Converter>> = {
  string: onText((text) => text),
  lower: onText((text) => text.toLowerCase()),
  long: onText(long),
  double: onText(double),
  boolean: onText(boolean),
  ip: onText(ip),
  hex: onText(hex),
  basename: onText(basename),
  user: onText(user),
  domain: onText(domain),
  host: onText(host),
  list: listOf,
  join: (value) => listOf(value)?.join(' '),
  'url-host': onText(urlHost),
  'url-path': onText(urlPath),
  'url-query': onText(urlQuery),
  extension: onText(extension),
  json,
};
