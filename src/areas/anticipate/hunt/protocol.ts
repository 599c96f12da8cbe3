/** What the main thread and the reading threads of a hunt say to each other. Plain data only. */
import type { Detected } from '../../../codecs/index.ts';
import type { Envelope, Source } from '../../../model/content/source.ts';
import type { Format } from '../../../model/event.ts';
import type { Issue } from '../../../model/issue.ts';
import type { RowFormat } from '../export/writer.ts';
import type { PackedDetections, RulePack, RuleTexts } from '../rules/rule-pack.ts';
import type { Coverage } from './silence.ts';
import type { Tally } from './tally.ts';

/** One piece of work: a whole entry, or a byte range of a plain file. */
export interface Unit {
  readonly id: number;
  /** Where it is read from on disk; `-` for standard input. */
  readonly file: string;
  readonly start: number;
  /** Exclusive; the size of the file when it is read whole. */
  readonly end: number;
  /** True when the file is read whole by this unit: it may be an archive, or hold any format. */
  readonly whole: boolean;
  /** What the head of the file said, for the parts of a split file. */
  readonly detected: Detected | undefined;
}

/** A match that correlations need, reduced to what they look at. */
export interface CorrelationRow {
  readonly ruleId: string;
  readonly micros: number;
  readonly values: Readonly<Record<string, string>>;
  readonly host: string;
  readonly user: string;
  readonly path: string;
  readonly offset: number;
}

export interface LaneSetup {
  readonly sources: readonly Source[];
  readonly envelopes: readonly Envelope[];
  readonly rules: PackedDetections;
  /** In the order of the tally's indexes. */
  readonly ruleIds: readonly string[];
  /** Rule id → the fields correlations read from its events. */
  readonly correlated: ReadonlyMap<string, readonly string[]>;
  readonly siteZone: string;
  /** Present of the hunt, in microseconds: bounds the guess of a missing year when a file says nothing. */
  readonly nowMicros: number;
  readonly fromMicros: number | undefined;
  readonly toMicros: number | undefined;
  readonly forcedFormat: Format | undefined;
  readonly rowFormat: RowFormat | undefined;
  /** `PROGRESS_SLOTS` numbers per lane. */
  readonly progress: SharedArrayBuffer;
  /** One flag: not 0 means stop as soon as possible, keeping what was found. */
  readonly stop: SharedArrayBuffer;
}

/** Slots of one lane in the shared progress counters (Float64). */
export const PROGRESS_SLOTS = 8;
export const SLOT = { bytes: 0, events: 1, levels: 2 } as const;

export type ToLane =
  /** Before the setup, when the rules are to be parsed. */
  | { readonly type: 'pack'; readonly texts: RuleTexts }
  | { readonly type: 'setup'; readonly lane: number; readonly setup: LaneSetup }
  | { readonly type: 'unit'; readonly unit: Unit }
  | { readonly type: 'finish' };

export type FromLane =
  | { readonly type: 'packed'; readonly pack: RulePack }
  | { readonly type: 'ready'; readonly issues: readonly Issue[] }
  | {
      readonly type: 'done';
      readonly unitId: number;
      readonly rows: string;
      readonly correlation: readonly CorrelationRow[];
    }
  | { readonly type: 'tally'; readonly tally: Tally; readonly coverage: Coverage };
