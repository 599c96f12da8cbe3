/**
 * The system of record as the rest of the house sees it. Types only; the engine (SQLite, PostgreSQL) stays in
 * `src/store/record/`. Two kinds of writing: `change` for what a person decides, always with its journal entries in
 * the same transaction; and the operational parts (leases, nodes, cursors), which are not journaled.
 */
import type { z } from 'zod';
import type { Actor, Scope } from '../access.ts';
import type { Issue } from '../issue.ts';
import type { DeadLetterClosing } from './dead-letter.ts';
import type { InventoryImport, InventoryItem, ItemChange, Sighting } from './inventory.ts';
import type { Look } from './look.ts';

/** Start-up and storage failures, with a sentence for people in `issue`. */
export class RecordError extends Error {
  readonly issue: Issue;
  constructor(issue: Issue, options: { readonly cause?: unknown } = {}) {
    super(`${issue.code} ${JSON.stringify(issue.params ?? {})}`, options);
    this.name = 'RecordError';
    this.issue = issue;
  }
}

export interface TokenRow {
  readonly id: string;
  readonly name: string;
  /** SHA-256 of the secret, hexadecimal. */
  readonly secretSha256: string;
  readonly scopes: readonly Scope[];
  readonly identity: string | undefined;
  readonly createdAtMillis: number;
  readonly createdBy: string;
  readonly expiresAtMillis: number | undefined;
  readonly lastUsedAtMillis: number | undefined;
  readonly revokedAtMillis: number | undefined;
}

export interface SourceSettings {
  readonly source: string;
  /** Absent: the default retention. */
  readonly retentionDays: number | undefined;
  /** Longest normal silence; absent: learnt. */
  readonly rhythmSeconds: number | undefined;
}

/** A name a person gave to a sender, shown instead of its address. */
export interface SenderName {
  readonly receiver: string;
  readonly peer: string;
  readonly identity: string | undefined;
  readonly name: string;
}

export interface SavedSearch {
  readonly id: string;
  readonly name: string;
  readonly query: string;
  /** Time range, columns…: what the search area keeps with it, JSON-safe. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly createdAtMillis: number;
  readonly updatedAtMillis: number;
  readonly updatedBy: string;
}

/** Events that retention may not delete while it stands (judicial requisition, open incident). */
export interface RetentionHold {
  readonly id: string;
  readonly reason: string;
  /** Absent: every source. */
  readonly source: string | undefined;
  readonly fromMillis: number;
  readonly toMillis: number;
  readonly createdAtMillis: number;
  readonly createdBy: string;
  readonly releasedAtMillis: number | undefined;
}

/** What was done to what. `details` is JSON-safe and holds no secret and no patient data. */
export interface JournalNote {
  /** Dotted, such as `token.created`. */
  readonly action: string;
  /** Id of the thing, such as a token's id or a file's name. */
  readonly subject: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface JournalEntry {
  readonly seq: number;
  readonly atMillis: number;
  readonly actor: Actor;
  readonly action: string;
  readonly subject: string;
  /** Canonical JSON, as hashed. */
  readonly detailsJson: string;
  readonly previousHash: string;
  readonly hash: string;
}

export interface JournalHead {
  readonly seq: number;
  readonly hash: string;
}

export type JournalBreak =
  /** Its content does not give its hash, or it cannot be read. */
  | { readonly reason: 'altered'; readonly seq: number }
  | { readonly reason: 'missing'; readonly seq: number; readonly foundSeq: number | undefined }
  /** Its content gives its hash, but it does not follow the entry before it: replaced, inserted or reordered. */
  | { readonly reason: 'unlinked'; readonly seq: number }
  /** Rows that the chain does not hold: after its end, or without a number. */
  | { readonly reason: 'extra'; readonly seq: number }
  /** The journal was cut or rewritten since the anchor was taken. */
  | { readonly reason: 'anchor-missing' | 'anchor-differs'; readonly seq: number };

export interface JournalCheck {
  /** Entries proved before the break, or all. */
  readonly entries: number;
  readonly head: JournalHead;
  readonly broken: JournalBreak | undefined;
}

export interface Lease {
  readonly name: string;
  readonly owner: string;
  /** Grows each time the lease changes hands or lapses: a late writer shows an old one and is refused. */
  readonly fencing: number;
}

/** What can be read inside and outside a change. */
export interface RecordReads {
  readonly settings: {
    /** Undefined when never set. */
    get<T>(name: string, schema: z.ZodType<T>): Promise<T | undefined>;
  };
  readonly sources: {
    list(): Promise<SourceSettings[]>;
    names(): Promise<SenderName[]>;
  };
  readonly tokens: { list(): Promise<TokenRow[]> };
  readonly searches: { list(): Promise<SavedSearch[]> };
  readonly holds: { list(): Promise<RetentionHold[]> };
  readonly inventory: {
    /** All of it; the limits of imports keep it small enough. */
    items(): Promise<InventoryItem[]>;
    imports(): Promise<InventoryImport[]>;
    /** What an import changed. */
    changesOf(importId: string): Promise<ItemChange[]>;
    sightings(): Promise<Sighting[]>;
  };
  readonly deadLetters: {
    /** Of those among these letters that are closed. */
    closings(ids: readonly string[]): Promise<DeadLetterClosing[]>;
  };
  readonly looks: {
    /** The newest, newest first. */
    last(limit: number): Promise<Look[]>;
    summary(): Promise<{ readonly rows: number; readonly oldestAtMillis: number | undefined }>;
  };
  readonly journal: {
    head(): Promise<JournalHead>;
    count(): Promise<number>;
    /** Entries after `afterSeq`, in order. */
    page(afterSeq: number, limit: number): Promise<JournalEntry[]>;
    /** The newest, newest first. */
    last(limit: number): Promise<JournalEntry[]>;
  };
}

/** What a change may write. */
export interface RecordWrites extends RecordReads {
  readonly settings: RecordReads['settings'] & { set(name: string, value: unknown): Promise<void> };
  readonly sources: RecordReads['sources'] & {
    set(settings: SourceSettings): Promise<void>;
    /** An empty name takes it back. */
    name(sender: SenderName): Promise<void>;
  };
  readonly tokens: RecordReads['tokens'] & {
    add(token: TokenRow): Promise<void>;
    /** False when there is no such token, or it is already revoked. */
    revoke(id: string): Promise<boolean>;
  };
  readonly searches: RecordReads['searches'] & {
    put(search: SavedSearch): Promise<void>;
    remove(id: string): Promise<boolean>;
  };
  readonly holds: RecordReads['holds'] & {
    add(hold: RetentionHold): Promise<void>;
    release(id: string): Promise<boolean>;
  };
  readonly inventory: RecordReads['inventory'] & {
    /** With their keys; a key that another item holds is a bug of the caller and refused by the database. */
    put(items: readonly InventoryItem[]): Promise<void>;
    remove(ids: readonly string[]): Promise<void>;
    addImport(done: InventoryImport, changes: readonly ItemChange[]): Promise<void>;
    markUndone(importId: string): Promise<void>;
  };
  readonly deadLetters: RecordReads['deadLetters'] & {
    /** False when it was closed before: nothing is written. */
    close(closing: DeadLetterClosing): Promise<boolean>;
  };
  readonly looks: RecordReads['looks'] & { add(look: Look): Promise<void> };
}

export interface Change<T> {
  readonly value: T;
  /** Empty: nothing was changed after all, and whatever was written is undone. */
  readonly notes: readonly JournalNote[];
}

export interface RecordStore extends RecordReads {
  readonly engine: 'sqlite' | 'postgres';
  /**
   * One transaction: the work and its journal entries, or nothing. Use only `tx` inside: on SQLite the store itself
   * waits for the change to end.
   * @throws RecordError, and what `work` throws
   */
  change<T>(actor: Actor, work: (tx: RecordWrites) => Promise<Change<T>>): Promise<T>;
  readonly tokens: RecordReads['tokens'] & {
    /** Last use; not journaled. */
    touch(uses: readonly { readonly id: string; readonly atMillis: number }[]): Promise<void>;
  };
  readonly inventory: RecordReads['inventory'] & {
    /** Adds to what was seen before; not journaled. Returns how many new ones the limit left out. */
    see(sightings: readonly Sighting[]): Promise<number>;
    /** Sightings last seen before an instant; not journaled. Returns how many. */
    forget(beforeMillis: number): Promise<number>;
  };
  readonly looks: RecordReads['looks'] & {
    /** The same was asked again, so many times; not journaled. */
    again(id: string, times: number, lastAtMillis: number): Promise<void>;
    /** Those last asked before an instant; not journaled. Returns how many. */
    forget(beforeMillis: number): Promise<number>;
  };
  readonly journal: RecordReads['journal'] & {
    /**
     * Walks the whole chain. Anchors are heads that were kept elsewhere: only they show that the end was cut off or
     * that everything was rewritten.
     */
    verify(anchors?: readonly JournalHead[]): Promise<JournalCheck>;
  };
  readonly leases: {
    /** Takes or renews; undefined when another owner holds it. Renewing in time keeps the fencing number. */
    take(name: string, owner: string, forMillis: number): Promise<Lease | undefined>;
    /** Gives it back early. */
    release(lease: Lease): Promise<void>;
  };
  readonly nodes: {
    /** The number used in event names, the same for the same key for ever. */
    allot(nodeKey: string, label: string): Promise<number>;
    list(): Promise<{ number: number; label: string; firstSeenAtMillis: number; lastSeenAtMillis: number }[]>;
  };
  readonly cursors: {
    get<T>(name: string, schema: z.ZodType<T>): Promise<T | undefined>;
    /**
     * With a lease, only while it is still ours.
     * @throws RecordError RECORD_FENCED
     */
    set(name: string, value: unknown, lease?: Lease): Promise<void>;
  };
  /** True when a trivial query answers within a second. */
  isReady(): Promise<boolean>;
  close(): Promise<void>;
}
