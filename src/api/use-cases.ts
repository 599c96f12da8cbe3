/**
 * The use cases behind the area routes, as the API sees them. Types only: areas fulfil them, `src/app` hands them over.
 * An area that this node does not run is left out, and its routes are not there.
 */
import type { Actor, Scope } from '../model/access.ts';
import type { Issue } from '../model/issue.ts';
import type { Level } from '../model/level.ts';
import type { BehaviourStatus, BehaviourTick } from '../model/live/behaviour-status.ts';
import type { DeadLetterOutcome, DeadLetterStep, KeptLetter } from '../model/live/dead-letter.ts';
import type { Indicator, IntelHit, IntelList } from '../model/live/intel.ts';
import type { InventoryItem, PlaceOf, Sighting } from '../model/live/inventory.ts';
import type { Look } from '../model/live/look.ts';
import type { JournalEntry, JournalHead, RetentionHold, SavedSearch } from '../model/live/record-store.ts';
import type { ReloadReport } from '../model/live/service.ts';
import type { EntityKind, LiveSignal, SignalKind } from '../model/live/signal.ts';
import type { SourcesReport } from '../model/live/source-facts.ts';
import type {
  ExportFormat,
  ExportRange,
  RetentionSettings,
  StorageTask,
  StoreStatus,
} from '../model/live/storage.ts';
import type { Retro } from '../model/retro.ts';
import type { SearchEvents, SqlAnswer } from '../model/search.ts';

/** A slice of a list, in the list's own order. */
export interface Slice<T> {
  readonly items: readonly T[];
  /** Where the next slice starts, in the area's own words; absent at the end. */
  readonly next?: string;
}

export interface SliceAsked {
  readonly limit: number;
  /** A `next` given before. Anything else is refused by the area with an empty slice. */
  readonly after?: string;
}

export interface TokenView {
  readonly id: string;
  readonly name: string;
  readonly state: 'active' | 'expired' | 'revoked';
  readonly scopes: readonly Scope[];
  readonly identity: string | undefined;
  readonly createdAtMillis: number;
  readonly createdBy: string;
  readonly expiresAtMillis: number | undefined;
  readonly lastUsedAtMillis: number | undefined;
  readonly revokedAtMillis: number | undefined;
}

export interface TokenSpec {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly identity: string | undefined;
  readonly expiresAtMillis: number | undefined;
}

/** Changes throw RecordError with the sentence for people. */
export interface TokenUseCases {
  list(): Promise<readonly TokenView[]>;
  create(actor: Actor, spec: TokenSpec): Promise<{ readonly token: TokenView; readonly text: string }>;
  revoke(actor: Actor, idOrName: string): Promise<TokenView>;
}

export interface JournalUseCases {
  head(): Promise<JournalHead>;
  page(afterSeq: number, limit: number): Promise<readonly JournalEntry[]>;
  /** Newest first. */
  looks?(limit: number): Promise<readonly Look[]>;
}

export interface DeadLettersAsked extends SliceAsked {
  /** Absent: open ones. */
  readonly state?: 'open' | DeadLetterOutcome | 'all';
  readonly step?: DeadLetterStep;
  readonly receiver?: string;
  readonly code?: string;
}

/** Changes throw RecordError with the sentence for people. False: there is no such dead letter. */
export interface DeadLetterUseCases {
  /** With the beginning of each record only, at least its first 500 bytes. */
  page(asked: DeadLettersAsked): Promise<Slice<KeptLetter>>;
  find(id: string): Promise<KeptLetter | undefined>;
  /** Hands the record, or the bytes it should have been, to the intake again. */
  replay(actor: Actor, id: string, mended: Uint8Array | undefined): Promise<boolean>;
  discard(actor: Actor, id: string): Promise<boolean>;
}

export interface SignalsAsked extends SliceAsked {
  readonly kind?: SignalKind;
  readonly levels?: readonly Level[];
  readonly entity?: { readonly kind: EntityKind; readonly name: string };
  readonly fromMicros?: number;
  readonly toMicros?: number;
}

/** Newest first. */
export interface SignalUseCases {
  page(asked: SignalsAsked): Promise<Slice<LiveSignal>>;
  find(id: string): Promise<LiveSignal | undefined>;
  /** The inventory as it is now; absent: nothing is known of entities. */
  places?(): Promise<PlaceOf>;
}

/** Throws StoreError, whose message is for the expert. */
export interface SqlUseCases {
  ask(sql: string): Promise<SqlAnswer>;
}

export interface BehaviourUseCases {
  status(): Promise<readonly BehaviourStatus[]>;
  /** Closes and scores what can be, now. */
  tick(): Promise<readonly BehaviourTick[]>;
}

export interface SourceUseCases {
  report(sinceMillis?: number): Promise<SourcesReport>;
}

export interface InventoryUseCases {
  items(): Promise<readonly InventoryItem[]>;
  candidates(): Promise<readonly Sighting[]>;
}

/** What begins throws StorageError with the sentence for people. */
export interface StorageUseCases {
  status(): Promise<StoreStatus>;
  backUp(actor: Actor, directory: string): Promise<StorageTask>;
  exportRange(
    actor: Actor,
    range: ExportRange,
    to: { readonly format: ExportFormat; readonly file: string },
  ): Promise<StorageTask>;
  retention(): Promise<RetentionSettings>;
  /** `what`: `signals`, `dead-letters`, `looks` or the id of a source; days undefined: the default again. */
  setRetention(
    actor: Actor,
    change: { readonly what: string; readonly days: number | undefined },
  ): Promise<RetentionSettings>;
  applyRetention(actor: Actor): Promise<StorageTask>;
  /** Newest first. */
  tasks(): readonly StorageTask[];
}

export interface IntelListView {
  readonly list: IntelList;
  readonly rows: number;
  readonly expired: number;
  readonly origin: string;
  readonly updatedAtMillis: number;
}

export interface IntelUseCases {
  status(): Promise<{
    readonly lists: readonly IntelListView[];
    readonly indicators: number;
    readonly indexBytes: number;
    readonly warnings: readonly { readonly id: string; readonly action: string; readonly values: number }[];
  }>;
  /** From one on; undefined when there is no such list. */
  show(id: string, most: number, from: number): Promise<readonly Indicator[] | undefined>;
  check(
    values: readonly string[],
  ): Promise<readonly { readonly value: string; readonly hits: readonly IntelHit[] }[]>;
  import(
    actor: Actor,
    asked: {
      readonly id: string;
      readonly title: string;
      readonly level: Level;
      readonly confidence: number;
      readonly tags: readonly string[];
      readonly days: number;
      readonly isAddition: boolean;
      readonly text: string;
    },
  ): Promise<{
    readonly indicators: number;
    readonly withdrawn: readonly string[];
    readonly rows: number;
    readonly issues: readonly Issue[];
    readonly issueCount: number;
  }>;
  /** False: there is no such list. */
  forget(actor: Actor, id: string): Promise<boolean>;
  /** How many indicators that ended long ago went. */
  expire(actor: Actor): Promise<number>;
}

/** Changes throw RecordError with the sentence for people. */
export interface SavedSearchUseCases {
  list(): Promise<readonly SavedSearch[]>;
  /** Replaces the one of that name. */
  save(actor: Actor, search: Pick<SavedSearch, 'name' | 'query' | 'options'>): Promise<void>;
  remove(actor: Actor, name: string): Promise<void>;
}

export interface ContentUseCases {
  /** Undefined on a node that does not ingest. */
  reload(actor: Actor): Promise<ReloadReport | undefined>;
}

/** Adding throws StorageError with the sentence for people. */
export interface HoldUseCases {
  list(): Promise<readonly RetentionHold[]>;
  add(
    actor: Actor,
    spec: Pick<RetentionHold, 'reason' | 'source' | 'fromMillis' | 'toMillis'>,
  ): Promise<RetentionHold>;
  /** False: there is no such hold, or it is released already. */
  release(actor: Actor, id: string): Promise<boolean>;
}

export interface UseCases {
  readonly holds?: HoldUseCases;
  readonly content?: ContentUseCases;
  readonly intel?: IntelUseCases;
  readonly savedSearches?: SavedSearchUseCases & Pick<SearchEvents, 'page'>;
  readonly storage?: StorageUseCases;
  readonly behaviours?: BehaviourUseCases;
  readonly sources?: SourceUseCases;
  readonly inventory?: InventoryUseCases;
  readonly search?: SearchEvents;
  readonly retro?: Retro & Pick<SignalUseCases, 'places'>;
  readonly sql?: SqlUseCases;
  readonly tokens?: TokenUseCases;
  readonly journal?: JournalUseCases;
  readonly deadLetters?: DeadLetterUseCases;
  readonly signals?: SignalUseCases;
}
