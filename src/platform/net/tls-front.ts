/**
 * The TLS part of a listener: handshakes within a time, client certificates asked for and checked, certificates changed
 * without a restart. It serves no bytes.
 */
import type { Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import type { Issue } from '../../model/issue.ts';
import type { Clock } from '../clock.ts';
import { plainPeer } from './address.ts';
import type { ListenError } from './listen-error.ts';
import type { Rejection } from './tcp-listener.ts';
import { readTlsFiles, type TlsFiles, type TlsMaterial, watchTlsFiles } from './tls-files.ts';

export interface TlsOptions extends TlsFiles {
  /** `optional`: a sender without certificate is served without a name; a bad certificate is refused all the same. */
  readonly clientCertificate: 'none' | 'optional' | 'required';
  /** Names let in, of those the authorities vouch for; absent lets all of them in. */
  readonly permittedNames?: readonly string[] | undefined;
  readonly reloadMillis: number;
  /** Told what is wrong with a certificate, at the start and on each change. */
  readonly onIssue: (issue: Issue) => void;
  readonly onReload: () => void;
}

export interface TlsFront {
  take(raw: Socket): void;
  close(): void;
}

export interface TlsFrontDeps {
  readonly options: TlsOptions;
  readonly handshakeMillis: number;
  readonly clock: Clock;
  readonly onSecure: (socket: TLSSocket, identity: string | undefined) => void;
  readonly onRejected: (reason: Rejection, peer: string, detail: string) => void;
}

/** @throws ListenError when a file is missing or wrong */
export async function createTlsFront(deps: TlsFrontDeps): Promise<TlsFront> {
  const { options, clock } = deps;
  const material = await readTlsFiles(options, clock.nowMillis());
  for (const issue of material.warnings) options.onIssue(issue);
  const server = createServer({
    ...secrets(material),
    requestCert: options.clientCertificate !== 'none',
    rejectUnauthorized: options.clientCertificate === 'required',
    handshakeTimeout: deps.handshakeMillis,
  });
  server.on('tlsClientError', (error, socket) => {
    deps.onRejected('handshake', plainPeer(socket.remoteAddress), reasonOf(error));
    socket.destroy();
  });
  server.on('secureConnection', (socket) => greet(socket, deps));
  const watch = await watchTlsFiles({
    files: options,
    everyMillis: options.reloadMillis,
    nowMillis: () => clock.nowMillis(),
    onChange: (changed) => replace(server, changed, options),
    onBad: (error: ListenError) => options.onIssue(error.issue),
  });
  return {
    take: (raw) => void server.emit('connection', raw),
    close: () => watch.close(),
  };
}

function replace(server: Server, material: TlsMaterial, options: TlsOptions): void {
  server.setSecureContext(secrets(material));
  for (const issue of material.warnings) options.onIssue(issue);
  options.onReload();
}

function secrets(material: TlsMaterial): object {
  const { cert, key, ca } = material;
  return { cert, key, minVersion: 'TLSv1.2' as const, ...(ca === undefined ? {} : { ca }) };
}

function greet(socket: TLSSocket, deps: TlsFrontDeps): void {
  const peer = plainPeer(socket.remoteAddress);
  socket.on('error', () => socket.destroy());
  const certificate = socket.getPeerX509Certificate();
  if (certificate !== undefined && !socket.authorized) {
    deps.onRejected('handshake', peer, String(socket.authorizationError ?? 'certificate not accepted'));
    socket.destroy();
    return;
  }
  const names = certificate === undefined ? [] : namesOf(certificate.subject, certificate.subjectAltName);
  const permitted = deps.options.permittedNames;
  const identity = permitted === undefined ? names[0] : names.find((name) => permitted.includes(name));
  if (permitted !== undefined && identity === undefined) {
    deps.onRejected('name-not-permitted', peer, names.join(', '));
    socket.destroy();
    return;
  }
  deps.onSecure(socket, identity);
}

const MAX_NAMES = 32;

/** The common name first, then the DNS and IP names. */
function namesOf(subject: string | undefined, alternatives: string | undefined): string[] {
  const common = /^CN=(.+)$/m.exec(subject ?? '')?.[1];
  const others = (alternatives ?? '')
    .split(', ')
    .map((name) => /^(?:DNS|IP Address):(.+)$/.exec(name)?.[1])
    .filter((name) => name !== undefined);
  return [...(common === undefined ? [] : [common]), ...others].slice(0, MAX_NAMES);
}

function reasonOf(error: Error): string {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' ? code : error.message;
}
