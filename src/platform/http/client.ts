/**
 * The only outgoing HTTP: GET from hosts that the configuration names, with limits on time and size. Redirects are
 * followed on the same host only, and never from https to http. It sends no cookies, keeps nothing, and reads no
 * proxy from the environment: one that is to be used is given.
 */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

export interface HttpClientOptions {
  /** `host` or `host:port`, as in the addresses that may be asked. */
  readonly hosts: readonly string[];
  /** `http://proxy.example:3128`. */
  readonly proxyUrl?: string;
  /** Certificates of the site's own authority, PEM. */
  readonly ca?: string;
  /** Default 60 seconds for the whole answer. */
  readonly timeoutSeconds?: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface HttpClient {
  /** @throws HttpError */
  get(
    url: string,
    options: { readonly headers?: Readonly<Record<string, string>>; readonly maxBytes: number },
  ): Promise<HttpAnswer>;
  close(): void;
}

export type HttpProblem = 'host-not-allowed' | 'redirect' | 'too-large' | 'timeout' | 'network';

export class HttpError extends Error {
  readonly problem: HttpProblem;
  constructor(problem: HttpProblem, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'HttpError';
    this.problem = problem;
  }
}

const MAX_REDIRECTS = 3;
const DEFAULT_TIMEOUT_SECONDS = 60;

export function createHttpClient(options: HttpClientOptions): HttpClient {
  const hosts = new Set(options.hosts.map((host) => host.toLowerCase()));
  const proxyEnv =
    options.proxyUrl === undefined ? {} : { HTTP_PROXY: options.proxyUrl, HTTPS_PROXY: options.proxyUrl };
  // Threads that only read content load this file, too: they need none of it.
  const http = process.getBuiltinModule('node:http');
  const https = process.getBuiltinModule('node:https');
  const plain = new http.Agent({ keepAlive: true, maxSockets: 4, proxyEnv });
  const tls = new https.Agent({
    keepAlive: true,
    maxSockets: 4,
    proxyEnv,
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  });
  const timeoutMillis = (options.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1000;

  function allowed(address: string): URL {
    const url = URL.parse(address);
    if (url === null || !/^https?:$/.test(url.protocol))
      throw new HttpError('host-not-allowed', 'not an http address');
    if (!hosts.has(url.host) && !hosts.has(url.hostname)) {
      throw new HttpError('host-not-allowed', `the configuration does not name the host ${url.host}`);
    }
    return url;
  }

  async function ask(
    url: URL,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const isTls = url.protocol === 'https:';
    const send = isTls ? https.request : http.request;
    const outgoing = send(url, {
      method: 'GET',
      headers: { 'accept-encoding': 'gzip, br', ...headers },
      agent: isTls ? tls : plain,
      signal,
    });
    outgoing.once('response', resolve);
    outgoing.once('error', reject);
    outgoing.end();
    return await promise;
  }

  return {
    close() {
      plain.destroy();
      tls.destroy();
    },
    async get(address, { headers = {}, maxBytes }) {
      const signal = AbortSignal.timeout(timeoutMillis);
      try {
        let url = allowed(address);
        for (let hops = 0; ; hops++) {
          const answer = await ask(url, headers, signal);
          const status = answer.statusCode ?? 0;
          const location = status >= 300 && status < 400 ? answer.headers.location : undefined;
          if (location === undefined)
            return { status, headers: answer.headers, body: await bodyOf(answer, maxBytes) };
          answer.resume();
          if (hops >= MAX_REDIRECTS) throw new HttpError('redirect', 'redirected too often');
          url = sameHost(url, location);
        }
      } catch (error) {
        throw asHttpError(error, signal.aborted);
      }
    },
  };
}

function sameHost(from: URL, location: string): URL {
  const to = URL.parse(location, from.href);
  if (to?.host !== from.host || (from.protocol === 'https:' && to.protocol !== 'https:')) {
    throw new HttpError('redirect', 'redirected to another host');
  }
  return to;
}

/** The body unpacked, at most `maxBytes` of it. */
async function bodyOf(answer: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of unpacked(answer)) {
    size += (chunk as Buffer).length;
    if (size > maxBytes) {
      answer.destroy();
      throw new HttpError('too-large', `the answer is larger than ${maxBytes} bytes`);
    }
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function unpacked(answer: IncomingMessage): NodeJS.ReadableStream {
  const encoding = answer.headers['content-encoding'];
  const unpack =
    encoding === 'gzip'
      ? createGunzip()
      : encoding === 'br'
        ? createBrotliDecompress()
        : encoding === 'deflate'
          ? createInflate()
          : undefined;
  if (unpack === undefined) return answer;
  answer.once('error', (error) => unpack.destroy(error));
  return answer.pipe(unpack);
}

/** The signal is the clock's only: what fails after it was aborted ran out of time. */
function asHttpError(error: unknown, isOutOfTime: boolean): HttpError {
  if (error instanceof HttpError) return error;
  if (isOutOfTime) return new HttpError('timeout', 'no whole answer in time', error);
  return new HttpError('network', error instanceof Error ? error.message : String(error), error);
}
