/** What a person may ask of a hunt, and what the hunt tells while it runs. Types only. */
import type { Format } from '../../../model/event.ts';
import type { HuntSummary } from '../../../model/hunt.ts';
import type { Level } from '../../../model/level.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { RowFormat } from '../export/writer.ts';

export interface HuntOptions {
  /** Files, folders, archives; `-` for standard input. */
  readonly paths: readonly string[];
  /** Directories, files or ZIP archives of Sigma rules, added to ours. */
  readonly ruleSets: readonly string[];
  readonly ownRules: boolean;
  /** YAML or JSON file: placeholder name → values, for `expand`. */
  readonly placeholders: string | undefined;
  /** Content directories in order: ours, then the site's overlay. */
  readonly content: readonly string[];
  readonly fromMicros: number | undefined;
  readonly toMicros: number | undefined;
  /** Rules below it are not loaded. */
  readonly level: Level;
  /** Only rules with one of these tags, when any is given. */
  readonly tags: readonly string[];
  readonly forcedFormat: Format | undefined;
  readonly siteZone: string;
  readonly threads: number;
  /** Where parsed rules are kept; undefined: nowhere. */
  readonly cacheDirectory: string | undefined;
  readonly rowFormat: RowFormat | undefined;
  readonly version: string;
}

export interface HuntProgress {
  readonly bytes: number;
  /** Bytes of the inputs found so far on disk; grows while folders are walked. */
  readonly totalBytes: number;
  readonly events: number;
  readonly signals: Readonly<Record<Level, number>>;
  readonly millis: number;
  /** The file last begun. */
  readonly file: string;
}

export interface HuntWatch {
  /** One or more rows of the chosen machine format, newline-terminated. */
  onRows(text: string): Promise<void>;
  /** Called about ten times a second. */
  onProgress(progress: HuntProgress): void;
}

export interface HuntDeps {
  readonly clock: Clock;
  readonly watch: HuntWatch;
}

export interface RunningHunt {
  readonly done: Promise<HuntSummary>;
  /** Stops reading as soon as possible; `done` then resolves with what was found. */
  stop(): void;
}
