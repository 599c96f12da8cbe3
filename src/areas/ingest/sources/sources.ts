/**
 * The state of every sender: what came, when, how late, how much of it is understood, and who is silent. Reads the
 * aggregate the store keeps, never the events. Rhythms are learnt once an hour and kept; the rest is asked each time.
 */
import { setImmediate as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { EventStore } from '../../../model/live/event-store.ts';
import type { SenderName } from '../../../model/live/record-store.ts';
import type { ReceiverFacts, Silence, SourcesReport } from '../../../model/live/source-facts.ts';
import type { Clock } from '../../../platform/clock.ts';
import { inOrder, type SenderKey, senderFacts, senderText, TotalRow } from './facts.ts';
import { HISTORY_DAYS, learnRhythm, type Rhythm } from './rhythm.ts';
import { judgeSilence } from './silence.ts';
import { createWeekHours } from './week.ts';

export interface SourcesDeps {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly siteZone: string;
  /** Names people gave to senders. */
  names(): Promise<readonly SenderName[]>;
  /** Of the service that runs; without one, silences are judged as at the last reception. */
  readonly listening?: { readonly sinceMillis: number; receivers(): readonly ReceiverFacts[] };
}

export interface Sources {
  /** @param sinceMillis only what was received from the start of its hour. @throws StoreError */
  report(sinceMillis?: number): Promise<SourcesReport>;
  /** Only who is silent and who is not: what is asked each minute. @throws StoreError */
  silences(): Promise<readonly (SenderKey & { readonly silence: Silence })[]>;
}

const MOST_ROWS = 20_000;
/** A rhythm holds up to 840 hours: memory and the answer are bounded. */
const MOST_RHYTHMS = 2_000;
const LEARN_MILLIS = 3_600_000;
const DAY_MILLIS = 86_400_000;
const LEARN_AT_ONCE = 20;

const Key = { receiver: z.string(), peer: z.string(), identity: z.string() };
const RhythmRow = z.object({
  ...Key,
  hours: z.array(z.number()),
  first_halves: z.array(z.number()),
  second_halves: z.array(z.number()),
});
const HeardRow = z.object({ ...Key, last_received_millis: z.number() });
const LettersRow = z.object({ ...Key, letters: z.number() });

export function createSources(deps: SourcesDeps): Sources {
  const { store, clock, listening } = deps;
  const weekHourOf = createWeekHours(deps.siteZone);
  let rhythms = new Map<string, Rhythm>();
  let learntAtMillis = Number.NEGATIVE_INFINITY;

  function historyStart(): number {
    return seconds(clock.nowMillis() - HISTORY_DAYS * DAY_MILLIS);
  }

  async function learn(): Promise<void> {
    const now = clock.monotonicMillis();
    if (now - learntAtMillis < LEARN_MILLIS) return;
    const rows = await store.query(
      'sources-rhythm',
      { from: historyStart(), limit: MOST_RHYTHMS },
      RhythmRow,
    );
    const learnt = new Map<string, Rhythm>();
    for (const [index, row] of rows.entries()) {
      const history = row.hours.map((atSeconds, at) => ({
        atSeconds,
        firstHalf: row.first_halves[at] ?? 0,
        secondHalf: row.second_halves[at] ?? 0,
      }));
      learnt.set(senderText(row), learnRhythm(history, weekHourOf));
      if (index % LEARN_AT_ONCE === LEARN_AT_ONCE - 1) await pause();
    }
    rhythms = learnt;
    learntAtMillis = now;
  }

  function judge(sender: SenderKey, lastMillis: number, nowMillis: number): Silence {
    const since = listening === undefined ? {} : { listeningSinceMillis: listening.sinceMillis };
    const rhythm = rhythms.get(senderText(sender)) ?? { kind: 'unknown' };
    return judgeSilence({ lastMillis, nowMillis, ...since }, rhythm, weekHourOf);
  }

  /** Without a service nobody would hear: its last reception is the present. */
  function nowFor(lasts: readonly number[]): number {
    if (listening !== undefined) return clock.nowMillis();
    return lasts.reduce((latest, last) => Math.max(latest, last), 0);
  }

  async function silences() {
    await learn();
    const rows = await store.query(
      'sources-last-heard',
      { from: historyStart(), limit: MOST_ROWS },
      HeardRow,
    );
    const nowMillis = nowFor(rows.map((row) => row.last_received_millis));
    return rows.map(({ receiver, peer, identity, last_received_millis: last }) => {
      const key = { receiver, peer, identity };
      return { ...key, silence: judge(key, last, nowMillis) };
    });
  }

  return {
    silences,
    async report(sinceMillis = clock.nowMillis() - HISTORY_DAYS * DAY_MILLIS) {
      const from = seconds(sinceMillis);
      const asked = { from, limit: MOST_ROWS };
      const rows = await store.query('sources-totals', asked, TotalRow);
      const letters = await store.query('sources-dead-letters', asked, LettersRow);
      const [heard, named] = [await silences(), await deps.names()];
      const names = new Map(
        named.map((item) => [senderText({ identity: '', ...definedOf(item) }), item.name]),
      );
      const silent = new Map(heard.map((item) => [senderText(item), item.silence]));
      const dead = new Map(letters.map((item) => [senderText(item), item.letters]));
      const nowMillis = nowFor(rows.map((row) => row.last_received_millis));
      const senders = [...Map.groupBy(rows, senderText)].map(([text, own]) => {
        const [first] = own as [TotalRow];
        const last = own.reduce((latest, row) => Math.max(latest, row.last_received_millis), 0);
        return senderFacts(first, own, {
          silence: silent.get(text) ?? judge(first, last, nowMillis),
          deadLetters: dead.get(text) ?? 0,
          name: names.get(text),
        });
      });
      return {
        atMillis: nowMillis,
        isListening: listening !== undefined,
        sinceMillis,
        senders: inOrder(senders),
        isCut: rows.length === MOST_ROWS,
        receivers: listening?.receivers() ?? [],
      };
    },
  };
}

function definedOf({
  receiver,
  peer,
  identity,
}: SenderName): Partial<SenderKey> & Omit<SenderKey, 'identity'> {
  return { receiver, peer, ...(identity === undefined ? {} : { identity }) };
}

function seconds(millis: number): number {
  return Math.max(0, Math.floor(millis / 1_000));
}
