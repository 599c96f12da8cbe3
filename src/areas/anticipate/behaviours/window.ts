/**
 * Scores one closed window of a behaviour and writes what came of it. The same window again writes the same rows under
 * the same tokens, which the store keeps once.
 */
import { z } from 'zod';
import { bitsOf, type Calibrated, createTail, type Tail } from '../../../evidence/index.ts';
import { sha256Hex } from '../../../lib/sha256.ts';
import { attackOf } from '../../../model/attack.ts';
import type { Behaviour } from '../../../model/content/behaviour.ts';
import { LEVELS, type Level } from '../../../model/level.ts';
import type { EventStore } from '../../../model/live/event-store.ts';
import type { EventRef, LiveSignal } from '../../../model/live/signal.ts';
import { writeSignalRow } from '../../../model/live/signal-row.ts';
import { explainPair } from './explain.ts';
import { type ScoredPair, type ScoredSubject, scoreWindow } from './score.ts';
import { DAY_MICROS, isoDay, type Window } from './state.ts';

export interface WindowDeps {
  readonly store: Pick<EventStore, 'query' | 'insert'>;
  eventsOf(pair: { day: number; subject: string; object: string }): Promise<EventRef[]>;
  groupOf(subject: string): string | undefined;
}

/** Written at most for one window, the strangest first. */
const MOST_SIGNALS = 500;
/** Past scores compared with, the most recent ones. */
const MOST_SCORES = 200_000;
/** A history of more pairs fails, and says so, rather than filling the memory. */
const BOUNDS = { maxResultRows: 1_000_000, maxSeconds: 60 } as const;

const Seen = z.object({ subject: z.string(), object: z.string(), events: z.number() });
const Use = z.object({ subject: z.string(), object: z.string(), days: z.number(), first: z.number() });
const Score = z.object({ score: z.number() });

interface Strange {
  readonly pair: ScoredPair;
  readonly level: Level;
  readonly calibrated: Calibrated;
}

/** @throws StoreError */
export async function scoreDay(content: Behaviour, day: number, deps: WindowDeps): Promise<Window> {
  const { store, groupOf } = deps;
  const known = { behaviour: content.id, version: content.version };
  const span = { ...known, day, from: Math.max(0, day - content.history.days) };
  const window = await store.query('behaviour-window', { ...known, day }, Seen, BOUNDS);
  const history = await store.query('behaviour-history', span, Use, BOUNDS);
  const past = await store.query('behaviour-scores', { ...span, limit: MOST_SCORES }, Score, BOUNDS);
  const tail = createTail(past.map(({ score }) => score));
  const subjects = scoreWindow({ history, window, groupOf });
  const strange = strangeOf(content, subjects, tail);
  const signals: LiveSignal[] = [];
  for (const one of strange.slice(0, MOST_SIGNALS)) {
    const { subject, object } = one.pair;
    signals.push(signalOf(content, one, { day, events: await deps.eventsOf({ day, subject, object }) }));
  }
  const scores = subjects.map(({ subject, score, p }) =>
    JSON.stringify([
      content.id,
      content.version,
      isoDay(day),
      subject,
      score,
      bitsOf(tail.calibrate(score, p).p),
    ]),
  );
  const token = `behaviour/${content.id}/${content.version}/${day}`;
  await insert(store, { table: 'behaviour_scores', rows: scores, token: `${token}/scores` });
  await insert(store, { table: 'signals', rows: signals.map(writeSignalRow), token: `${token}/signals` });
  return {
    day,
    events: window.reduce((sum, { events }) => sum + events, 0),
    subjects: subjects.length,
    newPairs: subjects.reduce((sum, { pairs }) => sum + pairs.filter(({ isNew }) => isNew).length, 0),
    signals: signals.length,
    cut: strange.length - signals.length,
  };
}

async function insert(
  store: Pick<EventStore, 'insert'>,
  { table, rows, token }: { table: 'signals' | 'behaviour_scores'; rows: readonly string[]; token: string },
): Promise<void> {
  if (rows.length > 0) await store.insert(table, Buffer.from(`${rows.join('\n')}\n`), token);
}

/** New pairs above the behaviour's least level, the strangest first. */
function strangeOf(content: Behaviour, subjects: readonly ScoredSubject[], tail: Tail): Strange[] {
  return subjects
    .flatMap(({ pairs }) => pairs.filter(({ isNew }) => isNew))
    .flatMap((pair): Strange[] => {
      const calibrated = tail.calibrate(pair.score, pair.p);
      const level = levelOf(content, bitsOf(calibrated.p));
      return level === undefined ? [] : [{ pair, level, calibrated }];
    })
    .sort((a, b) => a.calibrated.p - b.calibrated.p || (nameOf(a.pair) < nameOf(b.pair) ? -1 : 1));
}

function nameOf({ subject, object }: ScoredPair): string {
  return `${subject}\n${object}`;
}

function levelOf({ levels }: Behaviour, bits: number): Level | undefined {
  return [...LEVELS].reverse().find((level) => bits >= (levels[level] ?? Number.POSITIVE_INFINITY));
}

function signalOf(
  content: Behaviour,
  { pair, level, calibrated }: Strange,
  { day, events }: { readonly day: number; readonly events: readonly EventRef[] },
): LiveSignal {
  const { subject, object, peers, usual, known } = pair;
  const { p } = calibrated;
  return {
    id: sha256Hex(JSON.stringify([content.id, content.version, day, subject, object])).slice(0, 32),
    atMicros: (day + 1) * DAY_MICROS,
    kind: 'behaviour',
    contentId: content.id,
    contentVersion: String(content.version),
    title: content.title,
    level,
    surpriseBits: round(bitsOf(p)),
    entities: [
      { kind: content.subject.kind, name: subject },
      { kind: content.object.kind, name: object },
    ],
    events,
    ...attackOf(content.tags),
    deciding: [
      { field: content.subject.field, value: subject },
      { field: content.object.field, value: object },
    ],
    explanation: explainPair(content, pair, { p, day }),
    details: {
      window: isoDay(day),
      p,
      calibratedBy: calibrated.by,
      pastScores: calibrated.history,
      modelBits: round(pair.score),
      knownSince: known === undefined ? null : isoDay(known),
      usual: usual.slice(0, 10),
      usualCount: usual.length,
      peers: { group: peers.group ?? null, size: peers.size, using: peers.using },
      innocent: content.innocent,
      checkNext: content.check_next,
    },
  };
}

/** What is shown needs no more. */
function round(bits: number): number {
  return Math.round(bits * 100) / 100;
}
