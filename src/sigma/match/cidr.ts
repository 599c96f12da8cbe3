/** Whether text is an IP address inside a network. Host names, ranges and malformed addresses are in no network. */
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Strict forms only: `10.1` and `0x7f.1` are not addresses here. IPv4-mapped IPv6 is IPv4; a zone is dropped. */
function parseAddress(text: string): Address | undefined {
  if (text.length > 64) return undefined;
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  const bare = text.replace(/%.*$/, '');
  if (!bare.includes(':') || !ipaddr.IPv6.isValid(bare)) return undefined;
  const address = ipaddr.IPv6.parse(bare);
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

/** @example compileCidr('10.0.0.0', 8)('10.1.2.3') // true */
export function compileCidr(network: string, prefix: number): (text: string) => boolean {
  const base = parseAddress(network);
  if (base === undefined) return () => false;
  const kind = base.kind();
  const bits = kind === 'ipv4' && network.includes(':') ? Math.max(0, prefix - 96) : prefix;
  const bytes = base.toByteArray();
  return (text) => {
    const address = readAddress(text);
    return address !== undefined && address.kind === kind && sameStart(bytes, address.bytes, bits);
  };
}

interface ReadAddress {
  readonly kind: string;
  readonly bytes: readonly number[];
}

/** A rule asks for many networks of the same value, one after the other. */
let last: { readonly text: string; readonly address: ReadAddress | undefined } = {
  text: '',
  address: undefined,
};

function readAddress(text: string): ReadAddress | undefined {
  if (last.text === text) return last.address;
  const parsed = parseAddress(text);
  const address = parsed === undefined ? undefined : { kind: parsed.kind(), bytes: parsed.toByteArray() };
  last = { text, address };
  return address;
}

function sameStart(left: readonly number[], right: readonly number[], bits: number): boolean {
  for (let index = 0, rest = bits; rest > 0; index += 1, rest -= 8) {
    const mask = rest >= 8 ? 0xff : 0xff & (0xff << (8 - rest));
    if (((left[index] ?? 0) & mask) !== ((right[index] ?? 0) & mask)) return false;
  }
  return true;
}
