/**
 * The nouns of the flow: Record (what a codec found), Event (a record made structured). Types only.
 * A Record's fields carry the source's own names; an Event adds the ECS names beside them and never changes either.
 */
import type { Instant } from './instant.ts';

/** A field's value, as decoded. Objects and arrays only where the format nests (JSON, CloudTrail, FHIR…). */
export type FieldValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly FieldValue[]
  | { readonly [name: string]: FieldValue };

export type Fields = { readonly [name: string]: FieldValue };

/** Where a record was read. */
export interface Origin {
  /** The file, or the member inside an archive as `outer.zip!/inner.evtx`; `-` for standard input. */
  readonly path: string;
  /** Byte offset of the record in the (decompressed) file. */
  readonly offset: number;
  /** Length in bytes, when the record is contiguous. */
  readonly length?: number;
  /** 1-based line for text formats. */
  readonly line?: number;
}

export const FORMATS = [
  'evtx',
  'json',
  'event-xml',
  'xml',
  'syslog-3164',
  'syslog-5424',
  'cef',
  'leef',
  'kv',
  'csv',
  'zeek-tsv',
  'w3c',
  'combined',
  'auditd',
  'text',
] as const;
export type Format = (typeof FORMATS)[number];

/** What a codec emits: one record, decoded. */
export interface LogRecord {
  readonly format: Format;
  readonly fields: Fields;
  /** The raw text for text formats, byte for byte decodable from the origin; absent for binary formats (EVTX). */
  readonly text?: string;
  readonly origin: Origin;
  /** True for records recovered from slack or damaged parts. */
  readonly recovered?: boolean;
}

/** The Sigma logsource triple; absent parts are unknown, not wildcards. */
export interface LogSource {
  readonly product?: string;
  readonly category?: string;
  readonly service?: string;
}

/** One way Sigma may see an event, with the names Sigma's taxonomy uses mapped to the source's own names. */
export interface LogSourceBinding extends LogSource {
  /** Sigma field name → the source's own field name (may be dotted). Names not listed are used as they are. */
  readonly rename: Readonly<Record<string, string>>;
}

/**
 * What kind of event this is: interned (one object per distinct kind), so that engines may index by identity.
 */
export interface EventKind {
  /** Content id and version of the source that recognised it, such as `windows-sysmon`; `unknown` when none did. */
  readonly sourceId: string;
  readonly sourceVersion: number;
  readonly bindings: readonly LogSourceBinding[];
  /** ECS names this kind may fill; rules that speak ECS are looked up there when no own field has the name. */
  readonly ecsNames: readonly string[];
}

export type EcsValue = string | number | boolean | readonly string[];

/** A record made structured. Immutable. */
export interface Event {
  readonly kind: EventKind;
  /** Undefined when the record carries no time that can be read. */
  readonly time: Instant | undefined;
  /** ECS field name (dotted, flat) → value. `@timestamp` is in `time`, not here. */
  readonly ecs: Readonly<Record<string, EcsValue>>;
  /** Puts the values of `ecs` into the places of the kind's `ecsNames`, undefined where there is none, without making `ecs`. */
  ecsInto?(places: (EcsValue | undefined)[]): void;
  /** The source's own names, after the envelope (winlogbeat, nxlog…) was taken off; nested where the source nests. */
  readonly fields: Fields;
  readonly text?: string;
  readonly origin: Origin;
  readonly format: Format;
}
