/**
 * What receivers hand to the live flow, and what they are answered. Types only. A receiver moves bytes: it frames
 * records and knows who sent them; it never looks inside one.
 */
import type { Format } from '../event.ts';

/** Who a delivery came from: one of these is one row of `vigie sources`. */
export interface Sender {
  /** Id of the receiver in the configuration, such as `syslog-tls`. */
  readonly receiver: string;
  /** Address of the peer, without its port; the path for followed files; the topic and partition for Kafka. */
  readonly peer: string;
  /** Name the peer proved: a token's name, the common name of a client certificate. */
  readonly identity?: string;
}

/** Records framed and not yet accepted. The bytes belong to the intake: once it accepted them they may be gone (length 0). */
export interface Delivery {
  readonly sender: Sender;
  readonly receivedAtMillis: number;
  /** The format when the protocol says it (`_bulk` is `json`); undefined is told by content, record by record. */
  readonly format?: Format;
  readonly bytes: Uint8Array;
  /** Start and end (exclusive) of each record in `bytes`, as pairs: `spans.length === 2 * records`. */
  readonly spans: Uint32Array;
  /**
   * Same sender and same key within the intake's memory (10 minutes) is the same delivery sent again after a lost
   * answer: it is acknowledged and not stored twice. Absent for senders that never send again (syslog).
   */
  readonly key?: string;
}

/** The answer: only `accepted` and `repeated` may be acknowledged to the sender. */
export type Receipt =
  | { readonly kind: 'accepted' | 'repeated' }
  /** Nothing was kept: the sender keeps it (back-pressure), or it is counted as lost (UDP only). */
  | {
      readonly kind: 'refused';
      readonly reason: 'full' | 'too-large' | 'stopping' | 'broken';
      readonly retryAfterSeconds: number;
    };

/** The door of the live flow. */
export interface Intake {
  /** Resolves when the delivery is on disk (spool, fsync) or refused. Never rejects. */
  deliver(delivery: Delivery): Promise<Receipt>;
  /** True while deliveries would be refused as full: receivers that can should stop reading. */
  readonly isFull: boolean;
  /** Resolves when there is room again. */
  whenRoom(): Promise<void>;
}

/** A delivery on disk. `seq` grows by one a frame for the life of the node's spool and never repeats. */
export interface Frame {
  readonly node: number;
  readonly seq: number;
  readonly sender: Sender;
  readonly receivedAtMillis: number;
  readonly format?: Format;
  readonly bytes: Uint8Array;
  readonly spans: Uint32Array;
}

/** Most records in one frame, so that `eventSeq` of a record fits: frame × 2^16 + index is below 2^53. */
export const MAX_FRAME_RECORDS = 65_536;

/** The stored number of a record of a frame; with the node it names an event for ever. */
export function eventSeq(frameSeq: number, index: number): number {
  return frameSeq * MAX_FRAME_RECORDS + index;
}
