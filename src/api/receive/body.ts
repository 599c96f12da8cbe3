/**
 * Reads a receiver's body whole: as sent, then decompressed, with a limit on each and on all bodies together. A body
 * that expands absurdly is refused as soon as it passes the limit, not after. Does not look at what is inside.
 */

import { promisify } from 'node:util';
import zlib from 'node:zlib';
import type { FastifyRequest } from 'fastify';
import { letGoIfAlone } from '../../lib/let-go.ts';
import type { ApiLimits } from '../deps.ts';
import { ApiError } from '../errors/problem.ts';
import type { ApiInstance } from '../http/fastify.ts';
import type { HttpMetrics } from '../http/metrics.ts';

/** A log body expands some 10 to 40 times; what expands more, beyond a small size, is an attack or an accident. */
const MAX_RATIO = 200;
const FREE_EXPANDED_BYTES = 4 * 1024 * 1024;
const FULL_RETRY_SECONDS = 2;
const ACCEPTED_ENCODINGS = 'gzip, deflate, zstd, identity';

type Inflate = (input: Uint8Array, options: { maxOutputLength: number }) => Promise<Buffer>;

const gunzip = promisify<Uint8Array, zlib.ZlibOptions, Buffer>(zlib.gunzip);
const inflate = promisify<Uint8Array, zlib.ZlibOptions, Buffer>(zlib.inflate);
const inflateRaw = promisify<Uint8Array, zlib.ZlibOptions, Buffer>(zlib.inflateRaw);
const unzstd = promisify<Uint8Array, zlib.ZstdOptions, Buffer>(zlib.zstdDecompress);

const DECOMPRESSORS: Readonly<Record<string, Inflate>> = {
  gzip: gunzip,
  'x-gzip': gunzip,
  /** The standard says zlib; some clients send it raw. A zlib header is 0x?8 and a multiple of 31. */
  deflate: (input, options) => (isZlib(input) ? inflate(input, options) : inflateRaw(input, options)),
  zstd: unzstd,
};

function isZlib(input: Uint8Array): boolean {
  const [first = 0, second = 0] = input;
  return (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0;
}

interface BodyDeps {
  readonly limits: ApiLimits;
  readonly httpMetrics: HttpMetrics;
  readonly room: BodyRoom;
  /** Its requests that make no sense are counted under this name. */
  readonly receiver: string;
}

const MALFORMED_STATUSES = new Set([400, 413, 415]);

/** In this plugin's scope every body, whatever its type, arrives as one decompressed `Buffer`. */
export function installBodyReader(app: ApiInstance, { limits, httpMetrics, room, receiver }: BodyDeps): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', async (request: FastifyRequest, payload: AsyncIterable<Buffer>) => {
    const sent = await collect(request, payload, { limits, room });
    httpMetrics.noteBodyBytes(sent.length);
    return expand(request, sent, { limits, room });
  });
  app.addHook('onResponse', async (request, reply) => {
    room.release(request);
    if (MALFORMED_STATUSES.has(reply.statusCode)) httpMetrics.noteReceived(receiver, 'malformed', 1);
  });
  app.addHook('onRequestAbort', async (request) => room.release(request));
}

/** Bytes of bodies in memory, all requests together. */
export interface BodyRoom {
  /** @throws ApiError API_FULL when there is no room left. */
  take(request: FastifyRequest, bytes: number): void;
  release(request: FastifyRequest): void;
}

export function createBodyRoom(maxBytes: number): BodyRoom {
  const held = new WeakMap<FastifyRequest, number>();
  let total = 0;
  return {
    take: (request, bytes) => {
      if (total + bytes > maxBytes) {
        throw new ApiError('API_FULL', {
          params: { seconds: FULL_RETRY_SECONDS },
          retryAfterSeconds: FULL_RETRY_SECONDS,
        });
      }
      total += bytes;
      held.set(request, (held.get(request) ?? 0) + bytes);
    },
    release: (request) => {
      total -= held.get(request) ?? 0;
      held.delete(request);
    },
  };
}

interface Bounds {
  readonly limits: ApiLimits;
  readonly room: BodyRoom;
}

async function collect(
  request: FastifyRequest,
  payload: AsyncIterable<Buffer>,
  { limits, room }: Bounds,
): Promise<Buffer> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > limits.bodyBytes) throw tooLarge(limits.bodyBytes, 'body');
  const chunks: Buffer[] = [];
  let total = 0;
  for await (const chunk of payload) {
    total += chunk.length;
    if (total > limits.bodyBytes) throw tooLarge(limits.bodyBytes, 'body');
    room.take(request, chunk.length);
    chunks.push(chunk);
  }
  if (chunks.length === 1) return chunks[0] ?? Buffer.alloc(0);
  const body = Buffer.concat(chunks, total);
  for (const chunk of chunks) letGoIfAlone(chunk);
  return body;
}

async function expand(request: FastifyRequest, sent: Buffer, { limits, room }: Bounds): Promise<Buffer> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity' || encoding === '' || sent.length === 0) return sent;
  const decompress = DECOMPRESSORS[encoding];
  if (!decompress) {
    throw new ApiError('API_MEDIA_TYPE', {
      params: { what: 'Content-Encoding', accepted: ACCEPTED_ENCODINGS },
      place: 'header.content-encoding',
    });
  }
  const maxOutputLength = Math.min(
    limits.expandedBytes,
    Math.max(FREE_EXPANDED_BYTES, sent.length * MAX_RATIO),
  );
  try {
    const bytes = await decompress(sent, { maxOutputLength });
    room.take(request, bytes.length);
    return bytes;
  } catch (error) {
    if (error instanceof ApiError) throw error;
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') {
      throw tooLarge(maxOutputLength, 'decompressed');
    }
    throw new ApiError('API_BODY_UNREADABLE', { params: { reason: encoding }, place: 'body' });
  }
}

function tooLarge(limit: number, what: string): ApiError {
  return new ApiError('API_BODY_TOO_LARGE', { params: { limit, what } });
}
