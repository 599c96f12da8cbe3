/**
 * Threat intelligence between engineers: an indicator, the list it came from, and what a hit on an event is. Types
 * only. The engine (`src/intel/`) builds two read-only buffers (`IntelBuffers`) that worker threads share; a worker
 * opens them with `openIntelIndex`, asks `createIntelMatcher(index).match(event)` and makes signals of what is not
 * suppressed with `intelSignal`.
 */
import type { Bilingual } from '../lang.ts';
import type { Level } from '../level.ts';

export const INDICATOR_TYPES = ['domain', 'url', 'ip', 'md5', 'sha1', 'sha256', 'imphash', 'email'] as const;
export type IndicatorType = (typeof INDICATOR_TYPES)[number];

/** One value somebody says is hostile. `value` is canonical (see `canonicalValue`): an `ip` may be a CIDR range. */
export interface Indicator {
  readonly type: IndicatorType;
  readonly value: string;
  /** The list it came from. */
  readonly listId: string;
  /** 0 to 100, as the list says; 50 when it does not. */
  readonly confidence: number;
  readonly validFromMillis?: number;
  /** Events after it are not hits. */
  readonly validUntilMillis?: number;
  readonly tags: readonly string[];
  /** Where to read more: a URL, a report's title, the id of the indicator at its publisher. */
  readonly reference?: string;
}

/** A list as hits name it. `version` is that of its declaration, not of its last fetch: signal ids rest on it. */
export interface IntelList {
  readonly id: string;
  readonly version: string;
  readonly title: Bilingual;
  /** Level of the signals it makes, before what a warning list says. */
  readonly level: Level;
}

/** `suppress`: counted and shown, no signal. `mark`: an informational signal that says why. */
export const WARNING_ACTIONS = ['suppress', 'mark'] as const;
export type WarningAction = (typeof WARNING_ACTIONS)[number];

export interface IntelWarning {
  readonly listId: string;
  readonly title: Bilingual;
  readonly action: WarningAction;
  /** What the warning list holds: `10.0.0.0/8`, `google.com`. */
  readonly entry: string;
}

export interface IntelHit {
  /** ECS name, or the source's own name, of the field that decided. */
  readonly field: string;
  /** The value of that field which hit, as the event has it. */
  readonly value: string;
  readonly indicator: Indicator;
  readonly list: IntelList;
  /** A warning list knows the value (or the indicator) as benign. */
  readonly warning?: IntelWarning;
  /** The event is older than what the indicator states as its beginning. */
  readonly isEarly: boolean;
}

/** The index as it is passed to threads: built once, never written again. */
export interface IntelBuffers {
  readonly indicators: SharedArrayBuffer;
  readonly warnings: SharedArrayBuffer;
}
