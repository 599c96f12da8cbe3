/**
 * Tally: all a hunt remembers while it reads, bounded whatever the input, plain data so that threads can send theirs
 * and the main thread can merge them. Merging gives what one pass over everything would have given.
 */
import { type Counter, countValue, createCounter, mergeCounters } from '../../../lib/counter.ts';
import { keepFirst } from '../../../lib/keep-first.ts';
import { countAt, createTimeBuckets, mergeTimeBuckets, type TimeBuckets } from '../../../lib/time-buckets.ts';
import type { ClockJump, FileSummary, LogClear, SignalSample } from '../../../model/hunt.ts';
import { type Issue, type IssueCode, isIssueCode } from '../../../model/issue.ts';
import { LEVELS, type Level } from '../../../model/level.ts';
import { isIssueBefore, isNoteBefore } from './order.ts';
import {
  createSamples,
  type MatchPosition,
  mergeSamples,
  offerSample,
  type Samples,
  wantsSample,
} from './samples.ts';
import { createStreams, mergeStreams, noteInStream, type Streams } from './streams.ts';

const MOST_HOSTS = 20_000;
const MOST_USERS = 50_000;
const MOST_ENTITIES_PER_RULE = 2_000;
const MOST_TIMELINE_BUCKETS = 50_000;
const MOST_NOTES = 500;
const MOST_ISSUE_SAMPLES = 20;
const MOST_UNREAD = 20_000;

/** What leaves a file, or a part of it, unread. */
const UNREAD: ReadonlySet<IssueCode> = new Set<IssueCode>([
  'FILES_UNREADABLE',
  'FILES_NAMED_SPECIAL',
  'FILES_NO_FILE',
  'FILES_ENCRYPTED',
  'FILES_ARCHIVE_UNSUPPORTED',
  'FILES_ARCHIVE_DAMAGED',
  'FILES_LIMIT',
  'CODEC_NOT_A_LOG',
  'CODEC_RECORD_TOO_LONG',
]);

/** What the hunt needs to know of every event, whichever path read it. Empty strings where unknown. */
export interface Seen {
  readonly sourceId: string;
  readonly host: string;
  readonly user: string;
  readonly channel: string;
  readonly micros: number | undefined;
  readonly recordNumber: number | undefined;
}

export interface FindingTally {
  count: number;
  first: number;
  last: number;
  readonly hosts: Counter;
  readonly users: Counter;
  readonly samples: Samples;
}

interface IssueTally {
  count: number;
  readonly samples: Issue[];
}

export interface Tally {
  events: number;
  untimed: number;
  signals: number;
  bytes: number;
  first: number;
  last: number;
  /** Read, and not between `--from` and `--to`. */
  readonly outside: { events: number; first: number; last: number };
  readonly hosts: Counter;
  readonly users: Counter;
  readonly sources: Counter;
  readonly assumptions: Counter;
  readonly streams: Streams;
  /** Cleared logs and clock jumps not kept. */
  notesOverflow: number;
  readonly timeline: TimeBuckets;
  readonly signalTimeline: Record<Level, TimeBuckets>;
  /** Index of the rule in the loaded set → its finding. */
  readonly findings: Map<number, FindingTally>;
  readonly clears: LogClear[];
  readonly clockJumps: ClockJump[];
  readonly issues: Map<IssueCode, IssueTally>;
  /** Files and members of archives that were not read, or only in part. */
  readonly unread: Counter;
  readonly files: FileSummary[];
}

export function createTally(): Tally {
  const timeline = (): TimeBuckets => createTimeBuckets(MOST_TIMELINE_BUCKETS);
  return {
    events: 0,
    untimed: 0,
    signals: 0,
    bytes: 0,
    first: Number.POSITIVE_INFINITY,
    last: Number.NEGATIVE_INFINITY,
    outside: { events: 0, first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY },
    hosts: createCounter(MOST_HOSTS),
    users: createCounter(MOST_USERS),
    sources: createCounter(10_000),
    assumptions: createCounter(3),
    streams: createStreams(),
    notesOverflow: 0,
    timeline: timeline(),
    signalTimeline: {
      informational: timeline(),
      low: timeline(),
      medium: timeline(),
      high: timeline(),
      critical: timeline(),
    },
    findings: new Map(),
    clears: [],
    clockJumps: [],
    issues: new Map(),
    unread: createCounter(MOST_UNREAD),
    files: [],
  };
}

export function tallyEvent(tally: Tally, seen: Seen): void {
  tally.events += 1;
  countValue(tally.sources, seen.sourceId);
  if (seen.host !== '') countValue(tally.hosts, seen.host);
  if (seen.user !== '') countValue(tally.users, seen.user);
  if (seen.micros === undefined) {
    tally.untimed += 1;
    return;
  }
  if (seen.micros < tally.first) tally.first = seen.micros;
  if (seen.micros > tally.last) tally.last = seen.micros;
  const minute = Math.floor(seen.micros / 60_000_000);
  countAt(tally.timeline, minute);
  const { host, channel, recordNumber } = seen;
  noteInStream(tally.streams, { host, channel, epochMinute: minute, recordNumber });
}

/** An event that was read and left out for its time, or for having none. */
export function tallyOutside({ outside }: Tally, micros: number | undefined): void {
  outside.events += 1;
  if (micros === undefined) return;
  if (micros < outside.first) outside.first = micros;
  if (micros > outside.last) outside.last = micros;
}

/** One match, by index of its rule. Times in microseconds, `undefined` when the event carries none. */
export interface TalliedMatch extends Omit<MatchPosition, 'micros'> {
  readonly ruleIndex: number;
  readonly level: Level;
  readonly micros: number | undefined;
  readonly host: string;
  readonly user: string;
}

/** Whether `tallyMatch` would build the match's sample. */
export function wantsMatch({ findings }: Tally, match: TalliedMatch): boolean {
  const finding = findings.get(match.ruleIndex);
  return finding === undefined || wantsSample(finding.samples, positionOf(match));
}

function positionOf({ micros, path, offset }: TalliedMatch): MatchPosition {
  return { micros: micros ?? Number.MAX_VALUE, path, offset };
}

/** @param build makes the sample; called only when the match deserves to be shown */
export function tallyMatch(tally: Tally, match: TalliedMatch, build: () => SignalSample): void {
  offerSample(countMatch(tally, match).samples, positionOf(match), build);
}

/** Counts a match that is not to be shown. */
export function countMatch(tally: Tally, match: TalliedMatch): FindingTally {
  tally.signals += 1;
  const finding = findingOf(tally, match.ruleIndex);
  finding.count += 1;
  if (match.host !== '') countValue(finding.hosts, match.host);
  if (match.user !== '') countValue(finding.users, match.user);
  if (match.micros !== undefined) {
    finding.first = Math.min(finding.first, match.micros);
    finding.last = Math.max(finding.last, match.micros);
    countAt(tally.signalTimeline[match.level], Math.floor(match.micros / 60_000_000));
  }
  return finding;
}

function findingOf(tally: Tally, ruleIndex: number): FindingTally {
  let finding = tally.findings.get(ruleIndex);
  if (finding === undefined) {
    finding = {
      count: 0,
      first: Number.POSITIVE_INFINITY,
      last: Number.NEGATIVE_INFINITY,
      hosts: createCounter(MOST_ENTITIES_PER_RULE),
      users: createCounter(MOST_ENTITIES_PER_RULE),
      samples: createSamples(),
    };
    tally.findings.set(ruleIndex, finding);
  }
  return finding;
}

/** Past a fixed number they are only counted; "so many more of the same" counts as so many more. */
export function tallyIssue(tally: Tally, issue: Issue): void {
  const { code, params = {} } = issue;
  if (code === 'CODEC_MORE_OF_THE_SAME' && isIssueCode(String(params.code))) {
    const more = Number(params.count);
    issuesOf(tally, params.code as IssueCode).count += more;
    return;
  }
  if (UNREAD.has(code)) countValue(tally.unread, issue.place.path ?? '');
  const group = issuesOf(tally, code);
  group.count += 1;
  keepFirst(group.samples, issue, isIssueBefore, MOST_ISSUE_SAMPLES);
}

function issuesOf({ issues }: Tally, code: IssueCode): IssueTally {
  const known = issues.get(code);
  if (known !== undefined) return known;
  const group: IssueTally = { count: 0, samples: [] };
  issues.set(code, group);
  return group;
}

/** Keeps a cleared log or a clock jump; past a fixed number, the earliest are kept and the others counted. */
export function tallyNote<T extends LogClear | ClockJump>(tally: Tally, notes: T[], note: T): void {
  if (!keepFirst(notes, note, isNoteBefore, MOST_NOTES)) tally.notesOverflow += 1;
}

export function mergeTallies(into: Tally, from: Tally): void {
  into.events += from.events;
  into.untimed += from.untimed;
  into.signals += from.signals;
  into.bytes += from.bytes;
  into.first = Math.min(into.first, from.first);
  into.last = Math.max(into.last, from.last);
  into.notesOverflow += from.notesOverflow;
  into.outside.events += from.outside.events;
  into.outside.first = Math.min(into.outside.first, from.outside.first);
  into.outside.last = Math.max(into.outside.last, from.outside.last);
  for (const name of ['hosts', 'users', 'sources', 'assumptions', 'unread'] as const)
    mergeCounters(into[name], from[name]);
  mergeTimeBuckets(into.timeline, from.timeline);
  for (const level of LEVELS) mergeTimeBuckets(into.signalTimeline[level], from.signalTimeline[level]);
  mergeStreams(into.streams, from.streams);
  for (const [ruleIndex, finding] of from.findings) mergeFinding(findingOf(into, ruleIndex), finding);
  for (const note of from.clears) tallyNote(into, into.clears, note);
  for (const note of from.clockJumps) tallyNote(into, into.clockJumps, note);
  for (const [code, group] of from.issues) mergeIssues(into, code, group);
  into.files.push(...from.files);
}

function mergeFinding(into: FindingTally, from: FindingTally): void {
  into.count += from.count;
  into.first = Math.min(into.first, from.first);
  into.last = Math.max(into.last, from.last);
  mergeCounters(into.hosts, from.hosts);
  mergeCounters(into.users, from.users);
  mergeSamples(into.samples, from.samples);
}

function mergeIssues(into: Tally, code: IssueCode, group: IssueTally): void {
  const known = issuesOf(into, code);
  known.count += group.count;
  for (const issue of group.samples) keepFirst(known.samples, issue, isIssueBefore, MOST_ISSUE_SAMPLES);
}
