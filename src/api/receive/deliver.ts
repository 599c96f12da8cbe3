/**
 * Hands the records of one request to the intake, in frames of its size, and turns a refusal into an error. Every
 * frame carries a key made of who sent what where, so that a body sent again after a lost answer is not stored twice.
 */
import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Format } from '../../model/event.ts';
import { MAX_FRAME_RECORDS, type Receipt, type Sender } from '../../model/live/delivery.ts';
import { ApiError } from '../errors/problem.ts';
import type { RouteContext } from '../server.ts';

export interface Records {
  readonly bytes: Uint8Array;
  readonly spans: Uint32Array;
  readonly format?: Format;
  /** A name the sender gives itself, behind the one its token proves. */
  readonly source?: string;
}

export interface Delivering {
  readonly receiver: string;
  /** Receipts in order: one for each `MAX_FRAME_RECORDS` records. Ends at the first refusal, which is its last. */
  deliver(request: FastifyRequest, body: Uint8Array, records: Records): Promise<readonly Receipt[]>;
  noteRefused(records: number): void;
}

/** A way to say “these same bytes are another delivery”, for lines that carry no time of their own. */
const KEY_HEADER = 'idempotency-key';

export function createDelivering(receiver: string, context: RouteContext): Delivering {
  const { intake, clock, httpMetrics, onSender } = context;

  function note(receipt: Receipt, spans: Uint32Array, bytes: number): void {
    const records = spans.length / 2;
    if (receipt.kind === 'refused') httpMetrics.noteReceived(receiver, 'refused', records);
    else {
      httpMetrics.noteReceived(receiver, receipt.kind === 'repeated' ? 'repeated' : 'records', records);
      httpMetrics.noteReceived(receiver, 'bytes', bytes);
    }
  }
  return {
    receiver,
    noteRefused: (records) => httpMetrics.noteReceived(receiver, 'malformed', records),
    deliver: async (request, body, { bytes, spans, format, source }) => {
      const sender = senderOf(receiver, request, source);
      onSender?.(sender);
      const key = deliveryKey(sender, request, body);
      const receipts: Receipt[] = [];
      for (const part of split({ bytes, spans })) {
        const { length } = part.bytes;
        const receipt = await intake.deliver({
          sender,
          receivedAtMillis: clock.nowMillis(),
          ...(format === undefined ? {} : { format }),
          ...part,
          key: receipts.length === 0 ? key : `${key}-${receipts.length}`,
        });
        receipts.push(receipt);
        note(receipt, part.spans, length);
        if (receipt.kind === 'refused') break;
      }
      return receipts;
    },
  };
}

function senderOf(receiver: string, request: FastifyRequest, source: string | undefined): Sender {
  const { principal } = request;
  const proved = principal?.kind === 'token' ? (principal.identity ?? principal.name) : principal?.name;
  const identity = [proved, source].filter((part) => part !== undefined).join('/');
  return { receiver, peer: request.ip, ...(identity === '' ? {} : { identity }) };
}

function deliveryKey(sender: Sender, request: FastifyRequest, body: Uint8Array): string {
  const own = request.headers[KEY_HEADER];
  const head = JSON.stringify([sender.receiver, sender.peer, sender.identity, request.url, own]);
  return createHash('sha256').update(head).update(body).digest('hex');
}

/** Usually one part, the body itself. More only beyond the records a frame can number. */
function split({
  bytes,
  spans,
}: Pick<Records, 'bytes' | 'spans'>): { bytes: Uint8Array; spans: Uint32Array }[] {
  if (spans.length === 0) return [];
  const step = MAX_FRAME_RECORDS * 2;
  if (spans.length <= step) return [{ bytes, spans }];
  const parts: { bytes: Uint8Array; spans: Uint32Array }[] = [];
  for (let from = 0; from < spans.length; from += step) {
    const some = spans.subarray(from, from + step);
    const start = some[0] ?? 0;
    const end = some.at(-1) ?? start;
    parts.push({ bytes: bytes.subarray(start, end), spans: some.map((offset) => offset - start) });
  }
  return parts;
}

/** @throws ApiError when any part was refused: the sender keeps all, and sends it again. */
export function requireAccepted(receipts: readonly Receipt[]): void {
  for (const receipt of receipts) if (receipt.kind === 'refused') throw refusalError(receipt);
}

export function refusalError(receipt: Extract<Receipt, { kind: 'refused' }>): ApiError {
  const seconds = Math.max(1, Math.ceil(receipt.retryAfterSeconds));
  if (receipt.reason === 'too-large') {
    return new ApiError('API_BODY_TOO_LARGE', { params: { limit: 0, what: 'spool' } });
  }
  const code = receipt.reason === 'full' ? 'API_FULL' : 'API_STOPPING';
  return new ApiError(code, { params: { seconds }, retryAfterSeconds: seconds });
}
