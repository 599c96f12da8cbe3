/**
 * IP addresses and ranges as numbers: strict parsing (no octal, no missing parts) of text as logs and lists write it.
 * IPv4 inside IPv6 (`::ffff:192.0.2.1`) is the IPv4 address. It does not know which addresses are private.
 */

/** An address: its four 32-bit words, most significant first; IPv4 has the first three zero. */
export interface IpAddress {
  readonly family: 4 | 6;
  readonly words: readonly [number, number, number, number];
}

export interface IpRange extends IpAddress {
  readonly prefix: number;
}

/** The longest text of an IPv6 address, with an embedded IPv4 part. */
const MAX_IP_CHARS = 45;

/**
 * IPv4 text as an unsigned 32-bit number; -1 when it is not IPv4.
 * @example ipv4Number('192.0.2.1') // 3221225985
 */
export function ipv4Number(text: string): number {
  const { length } = text;
  if (length < 7 || length > 15) return -1;
  let value = 0;
  let part = -1;
  let dots = 0;
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57) {
      if (part === 0) return -1;
      part = part === -1 ? code - 48 : part * 10 + code - 48;
      if (part > 255) return -1;
    } else if (code === 46 && part !== -1 && dots < 3) {
      value = value * 256 + part;
      part = -1;
      dots++;
    } else {
      return -1;
    }
  }
  return dots === 3 && part !== -1 ? value * 256 + part : -1;
}

/** Parses an address; a zone (`fe80::1%eth0`) and brackets are ignored. */
export function parseIp(text: string): IpAddress | undefined {
  const four = ipv4Number(text);
  if (four !== -1) return { family: 4, words: [0, 0, 0, four] };
  if (text.length > MAX_IP_CHARS + 20 || !text.includes(':')) return undefined;
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  const zone = bare.indexOf('%');
  const groups = ipv6Groups(zone === -1 ? bare : bare.slice(0, zone));
  return groups === undefined ? undefined : fromGroups(groups);
}

function fromGroups(groups: readonly number[]): IpAddress {
  const word = (at: number): number => (groups[at] ?? 0) * 65_536 + (groups[at + 1] ?? 0);
  if (word(0) === 0 && word(2) === 0 && word(4) === 0xffff) return { family: 4, words: [0, 0, 0, word(6)] };
  return { family: 6, words: [word(0), word(2), word(4), word(6)] };
}

function ipv6Groups(text: string): number[] | undefined {
  if (text.length < 2 || text.length > MAX_IP_CHARS) return undefined;
  const gap = text.indexOf('::');
  if (gap === -1) {
    const groups = groupsOf(text);
    return groups?.length === 8 ? groups : undefined;
  }
  if (text.includes('::', gap + 1)) return undefined;
  const head = gap === 0 ? [] : groupsOf(text.slice(0, gap), true);
  const tail = gap + 2 === text.length ? [] : groupsOf(text.slice(gap + 2));
  if (head === undefined || tail === undefined || head.length + tail.length > 7) return undefined;
  return [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}

/** Hexadecimal groups; a dotted IPv4 part may stand last, unless what follows is the gap. */
function groupsOf(text: string, isHead = false): number[] | undefined {
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(part)) {
      groups.push(Number.parseInt(part, 16));
      continue;
    }
    const four = isHead || index !== parts.length - 1 ? -1 : ipv4Number(part);
    if (four === -1) return undefined;
    groups.push(Math.floor(four / 65_536), four % 65_536);
  }
  return groups.length <= 8 ? groups : undefined;
}

/** `192.0.2.0/24`, `2001:db8::/32`, or one address (the whole prefix). Host bits are cleared. */
export function parseIpRange(text: string): IpRange | undefined {
  const slash = text.indexOf('/');
  const address = parseIp(slash === -1 ? text : text.slice(0, slash));
  if (address === undefined) return undefined;
  const bits = address.family === 4 ? 32 : 128;
  if (slash === -1) return { ...address, prefix: bits };
  const size = text.slice(slash + 1);
  if (!/^\d{1,3}$/.test(size)) return undefined;
  const isMapped = address.family === 4 && text.includes(':');
  const prefix = Number(size) - (isMapped ? 96 : 0);
  return prefix >= 0 && prefix <= bits ? masked(address, prefix) : undefined;
}

function masked(address: IpAddress, prefix: number): IpRange {
  const skip = address.family === 4 ? 96 : 0;
  const [a, b, c, d] = address.words;
  const cut = (word: number, index: number): number => maskWord(word, prefix + skip - index * 32);
  return { family: address.family, words: [cut(a, 0), cut(b, 1), cut(c, 2), cut(d, 3)], prefix };
}

/** The first `bits` bits of a word, the others cleared. */
function maskWord(word: number, bits: number): number {
  if (bits >= 32) return word;
  return bits <= 0 ? 0 : (word & (0xffffffff << (32 - bits))) >>> 0;
}

/** The canonical text: dotted IPv4, RFC 5952 IPv6; `/prefix` unless it is one address. */
export function formatIp(range: IpRange): string {
  const isSingle = range.prefix === (range.family === 4 ? 32 : 128);
  const text = range.family === 4 ? formatIpv4(range.words[3]) : formatIpv6(range.words);
  return isSingle ? text : `${text}/${range.prefix}`;
}

function formatIpv4(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

function formatIpv6(words: readonly number[]): string {
  const groups = words.flatMap((word) => [word >>> 16, word & 0xffff]);
  let best = { at: -1, length: 1 };
  for (let at = 0; at < 8; at++) {
    let length = 0;
    while (at + length < 8 && groups[at + length] === 0) length++;
    if (length > best.length) best = { at, length };
    at += length;
  }
  const hex = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  if (best.at === -1) return hex(groups);
  return `${hex(groups.slice(0, best.at))}::${hex(groups.slice(best.at + best.length))}`;
}
