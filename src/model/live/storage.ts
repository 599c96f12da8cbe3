/** What the event store tells about its own storage, and what may be done to it. Types and schemas only. */
import { z } from 'zod';
import type { Bilingual } from '../lang.ts';

export const PartitionSize = z.object({
  table: z.string(),
  partition: z.string(),
  rows: z.number(),
  bytes: z.number(),
  parts: z.number(),
  /** The table's, without parameters. */
  engine: z.string(),
});
export type PartitionSize = z.infer<typeof PartitionSize>;

export const ColumnSize = z.object({ name: z.string(), bytes: z.number(), plainBytes: z.number() });
export type ColumnSize = z.infer<typeof ColumnSize>;

export const SourceSize = z.object({
  source: z.string(),
  events: z.number(),
  oldestAtMillis: z.number(),
  newestAtMillis: z.number(),
  receivedAtMillis: z.number(),
});
export type SourceSize = z.infer<typeof SourceSize>;

/** Mean length of a source's texts, from a sample. */
export const TextSize = z.object({ source: z.string(), meanBytes: z.number() });
export type TextSize = z.infer<typeof TextSize>;

/** Events of one source in one partition. */
export const PartitionAge = SourceSize.extend({ partition: z.string() });
export type PartitionAge = z.infer<typeof PartitionAge>;

/** A part of a table whose files are not what was written. */
export const DamagedPart = z.object({
  table: z.string(),
  name: z.string(),
  partition: z.string(),
  /** Absent when it is out of use already. */
  rows: z.number().optional(),
  /** The engine's words. */
  reason: z.string(),
});
export type DamagedPart = z.infer<typeof DamagedPart>;

/** What is kept for its own time beside the events: rows that name people or hold records. */
export const RETAINED = ['signals', 'dead-letters'] as const;
export type Retained = (typeof RETAINED)[number];

/** Everything beside the events that has a time of its own; looks at personal data are in the system of record. */
export const KEPT = [...RETAINED, 'looks'] as const;
export type Kept = (typeof KEPT)[number];

/** Rows of one partition. */
export const RowAge = z.object({
  partition: z.string(),
  rows: z.number(),
  /** Over their time. */
  over: z.number(),
  /** Of those, kept by a legal hold. */
  held: z.number(),
  oldestAtMillis: z.number(),
});
export type RowAge = z.infer<typeof RowAge>;

export interface RowCutoff {
  readonly beforeMillis: number;
  /** Spans of legal holds, whatever their source: a signal may rest on several. */
  readonly holds: readonly { readonly fromMillis: number; readonly toMillis: number }[];
}

export const EXPORT_FORMATS = ['ndjson', 'csv', 'parquet'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportRange {
  readonly fromMillis: number;
  readonly toMillis: number;
  /** Absent: all of them. */
  readonly source?: string;
}

/** One partition of one table in a file, as the engine writes it. */
export interface PartitionFile {
  readonly table: string;
  readonly partition: string;
  readonly columns: readonly string[];
  readonly path: string;
}

/** The event store's own housekeeping. Every call @throws StoreError. */
export interface Maintenance {
  partitions(): Promise<PartitionSize[]>;
  /** Sizes are of large parts only; small ones keep their columns in one file. */
  columns(table: string): Promise<ColumnSize[]>;
  /** From one block of rows in so many. */
  texts(oneIn: number): Promise<TextSize[]>;
  sources(): Promise<SourceSize[]>;
  ages(): Promise<PartitionAge[]>;
  rowAges(what: Retained, cutoff: RowCutoff): Promise<RowAge[]>;
  deleteRows(what: Retained, partition: string, cutoff: RowCutoff): Promise<void>;
  dropPartition(table: string, partition: string): Promise<void>;
  deleteSource(partition: string, source: string): Promise<void>;
  /** Writes the file (Native, zstd). */
  dump(file: PartitionFile): Promise<void>;
  /** Adds the file's rows to its table, all of them or none, past the table's views. @returns how many */
  restore(file: PartitionFile): Promise<number>;
  /** Parts in use that do not agree with their checksums; reads all of the table. */
  damagedParts(table: string): Promise<DamagedPart[]>;
  /** Parts out of use; those the engine found damaged at its start among them. Reads no data. */
  partsSetAside(): Promise<DamagedPart[]>;
  setAside(part: Pick<DamagedPart, 'table' | 'name'>): Promise<void>;
  export(range: ExportRange, format: ExportFormat, path: string): Promise<void>;
}

/** How long what is kept; days. */
export interface RetentionSettings {
  /** Of events, where nothing is set for their source, and of everything that nothing is set for. */
  readonly defaultDays: number;
  readonly minDays: number;
  readonly maxDays: number;
  /** Sources with a setting of their own. */
  readonly sources: readonly { readonly source: string; readonly days: number }[];
  readonly rows: Readonly<Record<Kept, number>>;
}

/** What one run of retention deleted. */
export interface RetentionReport {
  readonly droppedPartitions: readonly string[];
  /** As `partition source`. */
  readonly thinned: readonly string[];
  readonly deletedEvents: number;
  readonly deletedRows: Readonly<Record<Kept, number>>;
  /** Events, signals and dead letters over their time that a hold keeps. */
  readonly heldEvents: number;
  readonly heldRows: number;
}

/** What the event store holds and what it costs on disk. */
export interface StoreStatus {
  readonly events: number;
  readonly bytesOnDisk: number;
  /** What the records were when they came; from a sample once there are many. */
  readonly rawBytes: number;
  /** `rawBytes` by the bytes of the events table on disk; undefined while it is empty. */
  readonly timesSmaller: number | undefined;
  readonly tables: readonly { readonly table: string; readonly rows: number; readonly bytes: number }[];
  readonly partitions: readonly PartitionSize[];
  readonly sources: readonly (SourceSize & { readonly rawBytes: number; readonly keptDays: number })[];
  /** Rows beside the events that have their own time. */
  readonly kept: readonly {
    readonly what: Kept;
    readonly rows: number;
    readonly oldestAtMillis: number | undefined;
    readonly keptDays: number;
  }[];
  /** Of the events table, largest on disk first; of its large parts only. */
  readonly columns: readonly ColumnSize[];
}

export interface BackupReport {
  readonly partitions: number;
  readonly rows: number;
  readonly bytes: number;
}

/** A long work on the store: asked for once, looked at until it ends. Remembered until the process ends. */
export interface StorageTask {
  readonly id: string;
  readonly kind: 'backup' | 'export' | 'retention';
  /** The folder or file it writes; empty for retention. */
  readonly target: string;
  readonly startedBy: string;
  readonly startedAtMillis: number;
  readonly endedAtMillis: number | undefined;
  readonly state: 'running' | 'done' | 'failed';
  /** Files written, of so many; both absent where it cannot be known. */
  readonly progress: { readonly done: number; readonly total: number } | undefined;
  readonly backup: BackupReport | undefined;
  readonly retention: RetentionReport | undefined;
  /** Why it failed, for people. */
  readonly reason: Bilingual | undefined;
}

/** Why something was not done to the store, in both languages. */
export class StorageError extends Error {
  readonly sentence: Bilingual;
  constructor(sentence: Bilingual) {
    super(sentence.en);
    this.name = 'StorageError';
    this.sentence = sentence;
  }
}
