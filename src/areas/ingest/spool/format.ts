/**
 * How a frame lies in a segment file. Little-endian, no padding:
 *
 * ```
 *  0  8  marker: random bytes of this segment, from its name, so that no sender can forge a frame inside a record
 *  8  8  number of the frame (double)
 * 16  8  received at, milliseconds since 1970 (double)
 * 24  2  length of the sender (JSON: receiver, peer, identity, format)      26  2  length of the key
 * 28  4  records                                                            32  4  length of the bytes
 * 36  4  CRC-32 of everything from 8 on, this field left out
 * 40     sender │ key │ start and end of each record (2 × 4 bytes) │ bytes
 * ```
 *
 * Pure functions over buffers; which file, and when it is durable, is not decided here.
 */
import { crc32 } from 'node:zlib';
import type { Format } from '../../../model/event.ts';
import type { Delivery, Frame, Sender } from '../../../model/live/delivery.ts';

export const MARKER_BYTES = 8;
const HEAD_BYTES = 40;
const CRC_AT = 36;
const BYTES_PER_SPAN = 8;
/** Longest sender and key written, in bytes: each has two bytes for its length. */
const MAX_TEXT_BYTES = 4_096;

/** What a delivery says beside its bytes, encoded once. */
export interface EncodedDelivery {
  readonly delivery: Delivery;
  readonly sender: Buffer;
  readonly key: Buffer;
  readonly frameBytes: number;
}

/** Undefined when its sender or key is longer than a frame can say. */
export function encodeDelivery(delivery: Delivery): EncodedDelivery | undefined {
  const { sender, format } = delivery;
  const parts = [sender.receiver, sender.peer, sender.identity ?? null, format ?? null];
  const senderBytes = Buffer.from(JSON.stringify(parts));
  const key = Buffer.from(delivery.key ?? '');
  if (senderBytes.length > MAX_TEXT_BYTES || key.length > MAX_TEXT_BYTES) return undefined;
  const frameBytes =
    HEAD_BYTES + senderBytes.length + key.length + delivery.spans.length * 4 + delivery.bytes.length;
  return { delivery, sender: senderBytes, key, frameBytes };
}

/** Writes one frame at `at`; the caller made room for `frameBytes`. */
export function writeFrame(
  target: Buffer,
  at: number,
  frame: { readonly marker: Buffer; readonly seq: number; readonly encoded: EncodedDelivery },
): void {
  const { sender, key, delivery, frameBytes } = frame.encoded;
  frame.marker.copy(target, at);
  target.writeDoubleLE(frame.seq, at + 8);
  target.writeDoubleLE(delivery.receivedAtMillis, at + 16);
  target.writeUInt16LE(sender.length, at + 24);
  target.writeUInt16LE(key.length, at + 26);
  target.writeUInt32LE(delivery.spans.length / 2, at + 28);
  target.writeUInt32LE(delivery.bytes.length, at + 32);
  let to = at + HEAD_BYTES;
  to += sender.copy(target, to);
  to += key.copy(target, to);
  for (const limit of delivery.spans) {
    target.writeUInt32LE(limit, to);
    to += 4;
  }
  target.set(delivery.bytes, to);
  target.writeUInt32LE(checksum(target, at, frameBytes), at + CRC_AT);
}

function checksum(buffer: Buffer, at: number, frameBytes: number): number {
  const head = crc32(buffer.subarray(at + MARKER_BYTES, at + CRC_AT));
  return crc32(buffer.subarray(at + HEAD_BYTES, at + frameBytes), head);
}

export interface FrameHead {
  readonly seq: number;
  readonly receivedAtMillis: number;
  readonly senderBytes: number;
  readonly keyBytes: number;
  readonly records: number;
  readonly frameBytes: number;
}

/** The head of the frame at `at`, unchecked; undefined when there is no room for one. */
function readHead(buffer: Buffer, at: number, end: number): FrameHead | undefined {
  if (at + HEAD_BYTES > end) return undefined;
  const senderBytes = buffer.readUInt16LE(at + 24);
  const keyBytes = buffer.readUInt16LE(at + 26);
  const records = buffer.readUInt32LE(at + 28);
  const frameBytes =
    HEAD_BYTES + senderBytes + keyBytes + records * BYTES_PER_SPAN + buffer.readUInt32LE(at + 32);
  return {
    seq: buffer.readDoubleLE(at + 8),
    receivedAtMillis: buffer.readDoubleLE(at + 16),
    senderBytes,
    keyBytes,
    records,
    frameBytes,
  };
}

/** The head of the frame at `at` when all of it is there and its checksum holds. */
export function readIntactHead(
  buffer: Buffer,
  at: number,
  segment: { readonly marker: Buffer; readonly end: number },
): FrameHead | undefined {
  const { marker, end } = segment;
  const head = readHead(buffer, at, end);
  if (head === undefined || at + head.frameBytes > end) return undefined;
  if (marker.compare(buffer, at, at + MARKER_BYTES) !== 0) return undefined;
  return buffer.readUInt32LE(at + CRC_AT) === checksum(buffer, at, head.frameBytes) ? head : undefined;
}

/** What a frame says of its sender, as written. */
export function senderTextOf(buffer: Buffer, at: number, head: FrameHead): string {
  return buffer.toString('utf8', at + HEAD_BYTES, at + HEAD_BYTES + head.senderBytes);
}

/** The frame's key; empty when it has none. */
export function keyOf(buffer: Buffer, at: number, head: FrameHead): string {
  const start = at + HEAD_BYTES + head.senderBytes;
  return buffer.toString('utf8', start, start + head.keyBytes);
}

type SenderParts = readonly [string, string, string | null, Format | null];
type FrameSender = Pick<Frame, 'sender' | 'format'>;

/** Most senders remembered while reading; beyond, all are forgotten and read again. */
const MAX_SENDERS = 10_000;

export interface FrameReader {
  /** Every frame of a run of intact frames, in order. Their bytes stay in `buffer`. */
  each(buffer: Buffer, take: (frame: Frame) => void): void;
}

/** Reads runs of frames that were checked before; parses each sender once. */
export function createFrameReader(node: number): FrameReader {
  const senders = new Map<string, FrameSender>();
  function senderOf(text: string): FrameSender {
    const known = senders.get(text);
    if (known !== undefined) return known;
    const [receiver, peer, identity, format] = JSON.parse(text) as SenderParts;
    const sender: Sender = identity === null ? { receiver, peer } : { receiver, peer, identity };
    const parsed = format === null ? { sender } : { sender, format };
    if (senders.size >= MAX_SENDERS) senders.clear();
    senders.set(text, parsed);
    return parsed;
  }
  return {
    each(buffer, take) {
      let at = 0;
      for (;;) {
        const head = readHead(buffer, at, buffer.length);
        if (head === undefined) return;
        take(frameAt(buffer, at, { head, node, ...senderOf(senderTextOf(buffer, at, head)) }));
        at += head.frameBytes;
      }
    },
  };
}

function frameAt(
  buffer: Buffer,
  at: number,
  known: FrameSender & { readonly head: FrameHead; readonly node: number },
): Frame {
  const { head, node, sender, format } = known;
  const spansAt = at + HEAD_BYTES + head.senderBytes + head.keyBytes;
  const spans = new Uint32Array(head.records * 2);
  for (let index = 0; index < spans.length; index++) spans[index] = buffer.readUInt32LE(spansAt + index * 4);
  const bytes = buffer.subarray(spansAt + spans.length * 4, at + head.frameBytes);
  const { seq, receivedAtMillis } = head;
  const frame = { node, seq, sender, receivedAtMillis, bytes, spans };
  return format === undefined ? frame : { ...frame, format };
}
