/** Addresses as they are written in settings and shown. No name is looked up here. */
import { isIP } from 'node:net';

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * @example parseListen('[::]:6514') // → { host: '::', port: 6514 }
 * @example parseListen('nonsense') // → undefined
 */
export function parseListen(text: string): ListenAddress | undefined {
  const found = /^(?:\[([0-9a-fA-F:.%]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text);
  const host = found?.[1] ?? found?.[2];
  const port = Number(found?.[3]);
  if (host === undefined || port > 65_535) return undefined;
  if (found?.[1] !== undefined && isIP(host) !== 6) return undefined;
  return { host, port };
}

/** @example renderAddress({ host: '::1', port: 514 }) // → '[::1]:514' */
export function renderAddress(address: ListenAddress): string {
  return address.host.includes(':') ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}

/** The peer as people know it: IPv4 written as IPv4 also on a socket that takes both. */
export function plainPeer(address: string | undefined): string {
  if (address === undefined) return 'unknown';
  return address.startsWith('::ffff:') ? address.slice(7) : address;
}

export function isIpv6(host: string): boolean {
  return isIP(host) === 6;
}
