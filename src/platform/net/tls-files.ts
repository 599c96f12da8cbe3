/**
 * Server certificate, key and client authorities read from files, checked so that a wrong one is said in a sentence and
 * not by a failed handshake, and read again when they change. It does not open a connection.
 */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { Issue } from '../../model/issue.ts';
import { ListenError } from './listen-error.ts';

export interface TlsFiles {
  /** PEM: the server's certificate, then the intermediate ones. */
  readonly certificate: string;
  /** PEM private key, without passphrase. */
  readonly key: string;
  /** PEM authorities that may sign client certificates. */
  readonly clientCa?: string | undefined;
}

export interface TlsMaterial {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly ca?: Buffer;
  /** Worth saying, not worth refusing to listen: not valid yet, or no more. */
  readonly warnings: readonly Issue[];
}

const MAX_PEM_BYTES = 1024 * 1024;

/**
 * @throws ListenError naming the file and what is wrong with it
 */
export async function readTlsFiles(files: TlsFiles, nowMillis: number): Promise<TlsMaterial> {
  const [cert, key] = await Promise.all([readPem(files.certificate), readPem(files.key)]);
  const ca = files.clientCa === undefined ? undefined : await readPem(files.clientCa);
  const certificate = asCertificate(files.certificate, cert);
  if (!certificate.checkPrivateKey(asKey(files.key, key))) {
    throw new ListenError({
      code: 'TLS_KEY_MISMATCH',
      place: { path: files.key },
      params: { certificate: files.certificate },
    });
  }
  if (files.clientCa !== undefined && ca !== undefined) asCertificate(files.clientCa, ca);
  const warnings = validityIssues(files.certificate, certificate, nowMillis);
  return { cert, key, ...(ca === undefined ? {} : { ca }), warnings };
}

async function readPem(path: string): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size > MAX_PEM_BYTES) throw new Error(`larger than ${MAX_PEM_BYTES} bytes`);
    return await readFile(path);
  } catch (error) {
    throw new ListenError({ code: 'TLS_UNREADABLE', place: { path }, params: { reason: sentence(error) } });
  }
}

function asCertificate(path: string, pem: Buffer): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (error) {
    throw new ListenError({ code: 'TLS_CERTIFICATE', place: { path }, params: { reason: sentence(error) } });
  }
}

function asKey(path: string, pem: Buffer): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    throw new ListenError({ code: 'TLS_KEY', place: { path }, params: { reason: sentence(error) } });
  }
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function validityIssues(path: string, certificate: X509Certificate, nowMillis: number): Issue[] {
  const day = (text: string): string => new Date(text).toISOString().slice(0, 10);
  if (nowMillis > Date.parse(certificate.validTo)) {
    return [{ code: 'TLS_EXPIRED', place: { path }, params: { date: day(certificate.validTo) } }];
  }
  if (nowMillis < Date.parse(certificate.validFrom)) {
    return [{ code: 'TLS_NOT_YET', place: { path }, params: { date: day(certificate.validFrom) } }];
  }
  return [];
}

export interface TlsWatch {
  close(): void;
}

export interface TlsWatchOptions {
  readonly files: TlsFiles;
  readonly everyMillis: number;
  readonly nowMillis: () => number;
  readonly onChange: (material: TlsMaterial) => void;
  readonly onBad: (error: ListenError) => void;
}

/** Looks at the files' times now and then; watching folders misses the links that certificate tools swap. */
export async function watchTlsFiles(options: TlsWatchOptions): Promise<TlsWatch> {
  const { files, onChange, onBad } = options;
  let seen = await fingerprint(files);
  let isChecking = false;
  async function check(): Promise<void> {
    const now = await fingerprint(files);
    if (now === seen) return;
    seen = now;
    try {
      onChange(await readTlsFiles(files, options.nowMillis()));
    } catch (error) {
      onBad(error instanceof ListenError ? error : new ListenError(unexpected(files, error), error));
    }
  }
  const timer = setInterval(() => {
    if (isChecking) return;
    isChecking = true;
    void check().finally(() => {
      isChecking = false;
    });
  }, options.everyMillis);
  timer.unref();
  return { close: () => clearInterval(timer) };
}

function unexpected(files: TlsFiles, error: unknown): Issue {
  return { code: 'TLS_UNREADABLE', place: { path: files.certificate }, params: { reason: sentence(error) } };
}

async function fingerprint(files: TlsFiles): Promise<string> {
  const paths = [files.certificate, files.key, ...(files.clientCa === undefined ? [] : [files.clientCa])];
  const times = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        (found) => `${found.ino}:${found.mtimeMs}:${found.size}`,
        () => 'absent',
      ),
    ),
  );
  return times.join(' ');
}
