/**
 * What a lane does with each Event: counts it, matches the rules, keeps what the summary, the rows and the
 * correlations need of the matches.
 */

import { countValue } from '../../../lib/counter.ts';
import type { Event, EventKind, FieldValue, Format, Origin } from '../../../model/event.ts';
import type { SignalSample } from '../../../model/hunt.ts';
import type { Instant } from '../../../model/instant.ts';
import type { Level } from '../../../model/level.ts';
import type { DetectionRule } from '../../../model/sigma.ts';
import type { Deciding } from '../../../model/signal.ts';
import { toSignalRow } from '../../../model/signal-row.ts';
import { type CompiledSet, createMatcher, explain, fieldText, type Suspects } from '../../../sigma/index.ts';
import { rowText } from '../export/writer.ts';
import { isoOf } from './iso.ts';
import type { UnitResult } from './lane.ts';
import { clearNote, clockNote, createOrderWatch } from './log-notes.ts';
import type { CorrelationRow, LaneSetup } from './protocol.ts';
import { seeEvent } from './see.ts';
import { type Coverage, createCoverage } from './silence.ts';
import {
  countMatch,
  type Seen,
  type TalliedMatch,
  type Tally,
  tallyEvent,
  tallyMatch,
  tallyNote,
  tallyOutside,
  wantsMatch,
} from './tally.ts';

const MOST_FIELD_CHARACTERS = 4_096;

export interface FileSink {
  /** @param among what a look at its bytes told, when there was one */
  event(event: Event, among?: Suspects): void;
  /** Counts an event and its matches without having it; false, with nothing counted, when it is needed for them. */
  glimpse(glimpsed: Glimpsed): boolean;
  setFormat(format: Format | undefined): void;
  close(bytes: number): void;
}

/** What is known of an event from its bytes. */
export interface Glimpsed {
  readonly seen: Seen;
  readonly time: Instant | undefined;
  /** Where it stands in its file. */
  readonly offset: number;
  /** The rules that match it, by their place in the set. */
  readonly matched: readonly number[];
}

export interface EventSink {
  openFile(path: string, format: Format | undefined): FileSink;
  /** What the last unit gave, once. */
  take(): UnitResult;
  coverage(): Coverage;
}

export interface EventHooks {
  readonly tally: Tally;
  /** Told the level of each match, for the progress line. */
  onSignal(level: Level): void;
  /** Kinds told elsewhere (by the short cut), with their own names. */
  otherKinds(): ReadonlyMap<EventKind, ReadonlySet<string>>;
}

export function createEventSink(setup: LaneSetup, set: CompiledSet, hooks: EventHooks): EventSink {
  const { tally, onSignal } = hooks;
  const matcher = createMatcher(set);
  const indexes = new Map(setup.ruleIds.map((id, index) => [id, index]));
  const coverage = createCoverage();
  const rows: string[] = [];
  const correlation: CorrelationRow[] = [];

  function matchOf(rule: DetectionRule, seen: Seen, place: Pick<Origin, 'path' | 'offset'>): TalliedMatch {
    const { micros, host, user } = seen;
    const { path, offset } = place;
    return { ruleIndex: indexes.get(rule.id) ?? -1, level: rule.level, micros, host, user, path, offset };
  }

  /** Whether a match asks for more of its event than what was seen. */
  function needsEvent(rule: DetectionRule, match: TalliedMatch): boolean {
    if (setup.rowFormat !== undefined || setup.correlated.has(rule.id)) return true;
    return rule.generates && wantsMatch(tally, match);
  }

  function onMatch(rule: DetectionRule, event: Event, seen: Seen): void {
    const fields = setup.correlated.get(rule.id);
    if (fields !== undefined && seen.micros !== undefined) {
      correlation.push(toCorrelationRow(rule, event, seen, fields));
    }
    if (!rule.generates) return;
    onSignal(rule.level);
    tallyMatch(tally, matchOf(rule, seen, event.origin), () => toSample(rule, event, seen));
    if (setup.rowFormat !== undefined) {
      rows.push(rowText(setup.rowFormat, toSignalRow({ rule, event, deciding: explain(rule, event) })));
    }
  }

  function openFile(path: string, format: Format | undefined): FileSink {
    const file = { path, format: format ?? '', events: 0, first: '', last: '' };
    const inOrder = createOrderWatch(path);
    function count(seen: Seen, time: Instant | undefined): boolean {
      if (!isWanted(seen.micros, setup)) {
        tallyOutside(tally, seen.micros);
        return false;
      }
      file.events += 1;
      noteRange(file, time?.iso);
      tallyEvent(tally, seen);
      for (const assumed of time?.assumed ?? []) countValue(tally.assumptions, assumed);
      const jump = inOrder(seen);
      if (jump !== undefined) tallyNote(tally, tally.clockJumps, jump);
      return true;
    }
    return {
      setFormat: (found) => {
        file.format = found ?? 'unknown';
      },
      glimpse({ seen, time, offset, matched }) {
        const place = { path, offset };
        for (const index of matched) {
          const rule = set.ruleAt(index);
          if (needsEvent(rule, matchOf(rule, seen, place))) return false;
        }
        if (!count(seen, time)) return true;
        for (const index of matched) {
          const rule = set.ruleAt(index);
          if (!rule.generates) continue;
          onSignal(rule.level);
          countMatch(tally, matchOf(rule, seen, place));
        }
        return true;
      },
      event: (event, among) => {
        const seen = seeEvent(event);
        if (!count(seen, event.time)) return;
        coverage.note(event.kind, Object.keys(event.fields));
        noteLog(tally, event, seen);
        for (const rule of matcher.match(event, among)) onMatch(rule, event, seen);
      },
      close: (bytes) => void tally.files.push({ ...file, bytes }),
    };
  }
  return {
    openFile,
    take: () => ({ rows: rows.splice(0).join(''), correlation: correlation.splice(0) }),
    coverage: () => {
      for (const [kind, names] of hooks.otherKinds()) coverage.note(kind, names);
      return coverage.list();
    },
  };
}

function isWanted(micros: number | undefined, setup: LaneSetup): boolean {
  const { fromMicros, toMicros } = setup;
  if (fromMicros === undefined && toMicros === undefined) return true;
  if (micros === undefined) return false;
  return (
    micros >= (fromMicros ?? Number.NEGATIVE_INFINITY) && micros < (toMicros ?? Number.POSITIVE_INFINITY)
  );
}

function noteRange(file: { first: string; last: string }, iso: string | undefined): void {
  if (iso === undefined) return;
  if (file.first === '' || iso < file.first) file.first = iso;
  if (iso > file.last) file.last = iso;
}

function noteLog(tally: Tally, event: Event, seen: Seen): void {
  const cleared = clearNote(event, seen);
  if (cleared !== undefined) tallyNote(tally, tally.clears, cleared);
  const jump = clockNote(event, seen);
  if (jump !== undefined) tallyNote(tally, tally.clockJumps, jump);
}

function toCorrelationRow(
  rule: DetectionRule,
  event: Event,
  seen: Seen,
  fields: readonly string[],
): CorrelationRow {
  const values: Record<string, string> = {};
  for (const field of fields) {
    const value = fieldText(rule, event, field);
    if (value !== undefined) values[field] = value;
  }
  const { path, offset } = event.origin;
  return {
    ruleId: rule.id,
    micros: seen.micros ?? 0,
    values,
    host: seen.host,
    user: seen.user,
    path,
    offset,
  };
}

function toSample(rule: DetectionRule, event: Event, seen: Seen): SignalSample {
  const { path, offset, line } = event.origin;
  return {
    at: event.time?.iso ?? isoOf(seen.micros ?? Number.NaN),
    host: seen.host,
    user: seen.user,
    path,
    offset,
    ...(line === undefined ? {} : { line }),
    deciding: explain(rule, event).map(cutDeciding),
    fields: flatten(event),
  };
}

function cutDeciding(item: Deciding): Deciding {
  if (item.value.length <= MOST_FIELD_CHARACTERS) return item;
  const start = Math.max(0, (item.span?.[0] ?? 0) - 200);
  const value = item.value.slice(start, start + MOST_FIELD_CHARACTERS);
  if (item.span === undefined) return { field: item.field, value };
  return {
    field: item.field,
    value,
    span: [item.span[0] - start, Math.min(value.length, item.span[1] - start)],
  };
}

function flatten(event: Event): Record<string, string> {
  const flat: Record<string, string> = {};
  function visit(value: FieldValue, name: string, depth: number): void {
    if (typeof value === 'object' && value !== null && !Array.isArray(value) && depth < 16) {
      for (const [key, inner] of Object.entries(value))
        visit(inner, name === '' ? key : `${name}.${key}`, depth + 1);
      return;
    }
    flat[name] = plainText(value).slice(0, MOST_FIELD_CHARACTERS);
  }
  visit(event.fields, '', 0);
  return flat;
}

function plainText(value: FieldValue): string {
  if (typeof value !== 'object' || value === null) return String(value ?? '');
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? String(item) : item));
}
