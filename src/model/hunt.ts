/**
 * HuntSummary: all that `vigie hunt` found, bounded in size whatever the input's. Written by the hunt, read by the
 * terminal summary, the HTML report and `--format json`. Types only; JSON-safe (no Map, no bigint).
 */

import type { TimeAssumption } from './instant.ts';
import type { Issue } from './issue.ts';
import type { Bilingual } from './lang.ts';
import type { Level } from './level.ts';
import type { Deciding } from './signal.ts';

/** A value and how often it was seen, most frequent first in lists; `others` of a list are not kept. */
export interface Counted {
  readonly value: string;
  readonly count: number;
}

export interface RuleInfo {
  readonly id: string;
  readonly title: string;
  readonly titles?: Bilingual;
  readonly level: Level;
  readonly kind: 'detection' | 'correlation';
  readonly status?: string;
  readonly description?: string;
  readonly why?: Bilingual;
  readonly tags: readonly string[];
  /** ATT&CK ids from the tags: `TA0006`-style tactic slugs (`credential-access`) and technique ids (`T1003.001`). */
  readonly tactics: readonly string[];
  readonly techniques: readonly string[];
  readonly innocent: { readonly en: readonly string[]; readonly fr: readonly string[] };
  readonly checkNext: { readonly en: readonly string[]; readonly fr: readonly string[] };
  /** Where the rule was loaded from. */
  readonly path: string;
}

/** One kept match. `at` is ISO 8601 UTC, or empty when the record carries no time. */
export interface SignalSample {
  readonly at: string;
  readonly host: string;
  readonly user: string;
  readonly path: string;
  readonly offset: number;
  readonly line?: number;
  readonly deciding: readonly Deciding[];
  /** The event's own fields, flattened to dotted names, values as text (cut at 4,096 characters each). */
  readonly fields: Readonly<Record<string, string>>;
}

export interface Finding {
  readonly rule: RuleInfo;
  readonly count: number;
  readonly first: string;
  readonly last: string;
  readonly hosts: readonly Counted[];
  readonly users: readonly Counted[];
  /** Number of distinct hosts and users (lists above are cut). */
  readonly hostCount: number;
  readonly userCount: number;
  /** The most distinctive decided values, for the one-line summary. */
  readonly deciding: readonly { readonly field: string; readonly value: string; readonly count: number }[];
  /** Earliest matches and, when there are more, a spread of later ones. */
  readonly samples: readonly SignalSample[];
  /** Fires so often here that it is folded: many times on most hosts. */
  readonly noisy: boolean;
}

export interface FileSummary {
  readonly path: string;
  readonly bytes: number;
  readonly events: number;
  readonly format: string;
  readonly first: string;
  readonly last: string;
}

/** A stretch without events where the log was otherwise steady. */
export interface Gap {
  readonly host: string;
  readonly channel: string;
  readonly from: string;
  readonly to: string;
  readonly seconds: number;
  /** Records missing by record number, when the source numbers its records; 0 when not known. */
  readonly missing: number;
}

export interface LogClear {
  readonly at: string;
  readonly host: string;
  readonly user: string;
  readonly channel: string;
  readonly path: string;
}

export interface ClockJump {
  readonly at: string;
  readonly host: string;
  readonly channel: string;
  /** Seconds the clock moved; negative is backwards. */
  readonly seconds: number;
  readonly path: string;
}

/** Issues of one code, folded. */
export interface IssueGroup {
  readonly count: number;
  /** The first ones met, at most 20. */
  readonly samples: readonly Issue[];
}

/** Why rules could not fire on this data. */
export interface SilentRules {
  readonly reason: 'source' | 'field';
  /** The missing logsource (`windows/process_creation`) or the missing field. */
  readonly missing: string;
  readonly count: number;
  readonly examples: readonly string[];
}

export interface Timeline {
  readonly startMs: number;
  readonly bucketMs: number;
  readonly events: readonly number[];
  /** Matches per bucket, by level. */
  readonly signals: Readonly<Record<Level, readonly number[]>>;
}

export interface HuntSummary {
  readonly version: string;
  readonly startedAt: string;
  readonly events: number;
  readonly signals: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly rulesLoaded: number;
  readonly rulesRefused: number;
  readonly filesRead: number;
  readonly filesUnread: number;
  readonly first: string;
  readonly last: string;
  /** Events that were read and left out by `--from` and `--to`; not in any other count. */
  readonly outside: { readonly events: number; readonly first: string; readonly last: string };
  readonly hosts: readonly Counted[];
  readonly hostCount: number;
  readonly users: readonly Counted[];
  readonly userCount: number;
  /** Source id → events; `unknown` holds records no source recognised. */
  readonly sources: readonly { readonly id: string; readonly title: Bilingual; readonly count: number }[];
  readonly files: readonly FileSummary[];
  readonly findings: readonly Finding[];
  readonly gaps: readonly Gap[];
  readonly clears: readonly LogClear[];
  readonly clockJumps: readonly ClockJump[];
  readonly issues: readonly IssueGroup[];
  readonly silentRules: readonly SilentRules[];
  readonly timeline: Timeline | undefined;
  readonly assumptions: readonly { readonly what: TimeAssumption; readonly count: number }[];
  readonly interrupted: boolean;
  /** What a limit cut, in both languages; empty when nothing was. */
  readonly limits: readonly Bilingual[];
}
