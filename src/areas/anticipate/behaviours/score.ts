/**
 * Scores one window of a novelty behaviour: everybody seen in it, against the history strictly before. Pure; nothing is
 * read or written, and the order of what is given does not matter.
 */
import {
  type Counts,
  type Distribution,
  shareDistribution,
  strengthOf,
  subjectDistribution,
  tailOf,
  windowPValue,
} from '../../../behaviour/index.ts';
import { bitsOf } from '../../../evidence/index.ts';

/** On how many days of the history somebody used something, and the first of them (days since 1970). */
export interface Use {
  readonly subject: string;
  readonly object: string;
  readonly days: number;
  readonly first: number;
}

export interface Seen {
  readonly subject: string;
  readonly object: string;
}

export interface WindowInput {
  readonly history: readonly Use[];
  readonly window: readonly Seen[];
  /** The ward of a person; undefined: everybody is a peer. */
  groupOf(subject: string): string | undefined;
}

export interface Peers {
  /** Undefined: everybody. */
  readonly group: string | undefined;
  /** Others in it that the history knows. */
  readonly size: number;
  /** Those of them that used the object. */
  readonly using: number;
}

export interface ScoredPair extends Seen {
  /** Never before by this subject. */
  readonly isNew: boolean;
  /** By the model, corrected for how many objects the window had. */
  readonly p: number;
  readonly score: number;
  /** First day the history knows the subject; undefined: it does not. */
  readonly known: number | undefined;
  /** Objects of the subject's history, those of most days first. */
  readonly usual: readonly string[];
  readonly peers: Peers;
}

export interface ScoredSubject {
  readonly subject: string;
  /** −log2 of the window's p: what later windows are compared with. */
  readonly score: number;
  readonly p: number;
  readonly pairs: readonly ScoredPair[];
}

/** A ward of fewer people tells nothing. */
const LEAST_GROUP = 4;
/** Subjects looked at to know how varied they usually are. */
const MOST_SAMPLED = 1_000;

interface Level {
  readonly distribution: Distribution;
  /** Object → subjects that used it. */
  readonly users: Counts;
  readonly size: number;
}

interface Learnt {
  readonly bySubject: ReadonlyMap<string, readonly Use[]>;
  readonly everybody: Level;
  readonly groups: ReadonlyMap<string, Level>;
  readonly usualStrength: number;
}

/** In the order of the subjects' names. */
export function scoreWindow(input: WindowInput): ScoredSubject[] {
  const learnt = learn(input);
  return [...groupBy(input.window, ({ subject }) => subject)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([subject, seen]) => {
      const objects = [...new Set(seen.map(({ object }) => object))].sort();
      return scoreSubject({ subject, objects }, learnt, input.groupOf(subject));
    });
}

function learn({ history, groupOf }: WindowInput): Learnt {
  const bySubject = groupBy(history, ({ subject }) => subject);
  const everybody = levelOf(history, bySubject.size);
  const groups = new Map<string, Level>();
  for (const [group, uses] of groupBy(history, ({ subject }) => groupOf(subject) ?? '')) {
    const size = new Set(uses.map(({ subject }) => subject)).size;
    if (group !== '' && size >= LEAST_GROUP) groups.set(group, levelOf(uses, size, everybody.distribution));
  }
  return { bySubject, everybody, groups, usualStrength: usualStrength(bySubject) };
}

function levelOf(uses: readonly Use[], size: number, above?: Distribution): Level {
  const users = new Map<string, number>();
  for (const { object } of uses) users.set(object, (users.get(object) ?? 0) + 1);
  // In one order, so that sums do not depend on that of the rows.
  const ordered = new Map([...users].sort(([a], [b]) => (a < b ? -1 : 1)));
  return { distribution: shareDistribution(ordered, above), users: ordered, size };
}

/** The median of what the history's subjects show. */
function usualStrength(bySubject: ReadonlyMap<string, readonly Use[]>): number {
  const step = Math.max(1, Math.floor(bySubject.size / MOST_SAMPLED));
  const strengths = [...bySubject.keys()]
    .sort()
    .filter((_, index) => index % step === 0)
    .map((subject) => strengthOf(countsOf(bySubject.get(subject) ?? []), 1))
    .sort((a, b) => a - b);
  return strengths[strengths.length >> 1] ?? 1;
}

function countsOf(uses: readonly Use[]): Counts {
  return new Map(
    [...uses].sort((a, b) => (a.object < b.object ? -1 : 1)).map((use) => [use.object, use.days]),
  );
}

function scoreSubject(
  { subject, objects }: { readonly subject: string; readonly objects: readonly string[] },
  learnt: Learnt,
  group: string | undefined,
): ScoredSubject {
  const uses = learnt.bySubject.get(subject) ?? [];
  const counts = countsOf(uses);
  const own = group === undefined ? undefined : learnt.groups.get(group);
  const peers = own ?? learnt.everybody;
  const strength = strengthOf(counts, learnt.usualStrength);
  const distribution = subjectDistribution(counts, strength, peers.distribution);
  const tails = objects.map((object) => tailOf(distribution, object));
  const known = uses.length === 0 ? undefined : Math.min(...uses.map(({ first }) => first));
  const usual = [...uses]
    .sort((a, b) => b.days - a.days || (a.object < b.object ? -1 : 1))
    .map(({ object }) => object);
  const pairs = objects.map((object, index): ScoredPair => {
    const p = windowPValue(objects.map(() => tails[index] ?? 1));
    const isNew = !counts.has(object);
    const using = (peers.users.get(object) ?? 0) - (isNew ? 0 : 1);
    const size = peers.size - (known === undefined ? 0 : 1);
    const shown = { group: own === undefined ? undefined : group, size, using };
    return { subject, object, isNew, p, score: bitsOf(p), known, usual, peers: shown };
  });
  const p = windowPValue(tails);
  return { subject, p, score: bitsOf(p), pairs };
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
