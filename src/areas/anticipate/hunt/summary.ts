/** Turns the merged tally of a hunt into the summary people and programs read. Pure: times come in with the tally. */
import { topOf } from '../../../lib/counter.ts';
import type { Finding, HuntSummary, SilentRules } from '../../../model/hunt.ts';
import type { Bilingual } from '../../../model/lang.ts';
import { levelRank } from '../../../model/level.ts';
import type { SigmaRule } from '../../../model/sigma.ts';
import { foldHosts } from './host-names.ts';
import { isoOf } from './iso.ts';
import { limitsOf } from './limits.ts';
import { findGaps } from './log-health.ts';
import { isNoteBefore } from './order.ts';
import { describeRule } from './rule-info.ts';
import { listSamples } from './samples.ts';
import { listStreams } from './streams.ts';
import type { FindingTally, Tally } from './tally.ts';
import { toTimeline } from './timeline.ts';

const MOST_LISTED = 50;
const MOST_GAPS = 50;
const MOST_DECIDING = 5;
/** A rule below `critical` that fires this often, and on this share of the events, is folded. */
const NOISY_COUNT = 100;
const NOISY_SHARE = 0.001;

export interface SummaryFacts {
  readonly version: string;
  readonly startedAt: string;
  readonly seconds: number;
  readonly rulesLoaded: number;
  /** The rule of a tally's index. */
  ruleAt(index: number): SigmaRule | undefined;
  readonly rulesRefused: number;
  readonly silentRules: readonly SilentRules[];
  readonly sourceTitles: ReadonlyMap<string, Bilingual>;
  readonly interrupted: boolean;
  readonly rowsDropped: number;
  readonly rowsKept: number;
}

export function summarise(raw: Tally, facts: SummaryFacts): HuntSummary {
  const { ruleAt, sourceTitles, rowsDropped, rowsKept, ...plain } = facts;
  const tally = foldHosts(raw);
  const files = mergeFiles(tally);
  const { unread } = tally;
  const gaps = [...listStreams(tally.streams)]
    .flatMap(findGaps)
    .sort((a, b) => b.missing - a.missing || b.seconds - a.seconds || order(a, b));
  const gapsLeftOut = Math.max(0, gaps.length - MOST_GAPS);
  return {
    ...plain,
    events: tally.events,
    signals: tally.signals,
    bytes: tally.bytes,
    filesRead: files.filter(({ path, events }) => events > 0 || !unread.counts.has(path)).length,
    filesUnread: unread.counts.size + unread.overflow,
    first: isoOf(tally.first),
    last: isoOf(tally.last),
    outside: {
      events: tally.outside.events,
      first: isoOf(tally.outside.first),
      last: isoOf(tally.outside.last),
    },
    hosts: topOf(tally.hosts, MOST_LISTED),
    hostCount: tally.hosts.counts.size,
    users: topOf(tally.users, MOST_LISTED),
    userCount: tally.users.counts.size,
    sources: topOf(tally.sources, 1_000).map(({ value, count }) => ({
      id: value,
      title: sourceTitles.get(value) ?? titleWithout(value),
      count,
    })),
    files,
    findings: findingsOf(tally, ruleAt),
    gaps: gaps.slice(0, MOST_GAPS),
    limits: limitsOf(tally, { rowsDropped, rowsKept, gapsLeftOut }),
    clears: sorted(tally.clears, isNoteBefore),
    clockJumps: sorted(tally.clockJumps, isNoteBefore),
    issues: issuesOf(tally),
    timeline: toTimeline(tally),
    assumptions: topOf(tally.assumptions, 3).map(({ value, count }) => ({
      what: value as 'year' | 'zone' | 'date',
      count,
    })),
  };
}

/** Of what no source recognised. */
function titleWithout(id: string): Bilingual {
  return id === 'unknown' ? { en: 'no known source', fr: 'aucune source connue' } : { en: id, fr: id };
}

function order(a: HuntSummary['gaps'][number], b: HuntSummary['gaps'][number]): number {
  return `${a.from}\n${a.host}\n${a.channel}` < `${b.from}\n${b.host}\n${b.channel}` ? -1 : 1;
}

/** Again, since machines got their full names. */
function sorted<T>(items: readonly T[], isBefore: (a: T, b: T) => boolean): T[] {
  return [...items].sort((a, b) => (isBefore(a, b) ? -1 : isBefore(b, a) ? 1 : 0));
}

/** Most frequent first; of each, those kept in the order of their places. */
function issuesOf({ issues }: Tally): HuntSummary['issues'] {
  return [...issues]
    .sort(([a, { count: less }], [b, { count: more }]) => more - less || compare(a, b))
    .map(([, { count, samples }]) => ({ count, samples }));
}

/** Most serious first, then rarest, then by title and id so that the order is always the same. */
function findingsOf(tally: Tally, ruleAt: SummaryFacts['ruleAt']): Finding[] {
  const findings = [...tally.findings].flatMap(([index, finding]) => {
    const rule = ruleAt(index);
    return rule === undefined ? [] : [toFinding(rule, finding, tally.events)];
  });
  return findings.sort(
    (a, b) =>
      levelRank(b.rule.level) - levelRank(a.rule.level) ||
      a.count - b.count ||
      compare(a.rule.title, b.rule.title) ||
      compare(a.rule.id, b.rule.id),
  );
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function toFinding(rule: SigmaRule, finding: FindingTally, events: number): Finding {
  const samples = listSamples(finding.samples);
  return {
    rule: describeRule(rule),
    count: finding.count,
    first: isoOf(finding.first),
    last: isoOf(finding.last),
    hosts: topOf(finding.hosts, MOST_LISTED),
    users: topOf(finding.users, MOST_LISTED),
    hostCount: finding.hosts.counts.size,
    userCount: finding.users.counts.size,
    deciding: decidingOf(samples),
    samples,
    noisy: rule.level !== 'critical' && finding.count >= NOISY_COUNT && finding.count >= events * NOISY_SHARE,
  };
}

function decidingOf(samples: Finding['samples']): Finding['deciding'] {
  const counts = new Map<string, { field: string; value: string; count: number }>();
  for (const { field, value } of samples.flatMap((sample) => sample.deciding)) {
    const key = `${field}\n${value}`;
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { field, value, count: 1 });
    else known.count += 1;
  }
  return [...counts.values()].sort((a, b) => b.count - a.count).slice(0, MOST_DECIDING);
}

/** A file read in parts is one file. */
function mergeFiles(tally: Tally): HuntSummary['files'] {
  const files = new Map<string, HuntSummary['files'][number]>();
  for (const part of tally.files) {
    const known = files.get(part.path);
    const merged = known === undefined ? part : mergeFileParts(known, part);
    files.set(part.path, merged);
  }
  return [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

type FilePart = HuntSummary['files'][number];

function mergeFileParts(a: FilePart, b: FilePart): FilePart {
  const firsts = [a.first, b.first].filter((text) => text !== '').sort();
  const lasts = [a.last, b.last].filter((text) => text !== '').sort();
  return {
    ...a,
    bytes: a.bytes + b.bytes,
    events: a.events + b.events,
    first: firsts[0] ?? '',
    last: lasts.at(-1) ?? '',
  };
}
