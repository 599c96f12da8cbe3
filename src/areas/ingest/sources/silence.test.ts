/** Silences told from nights, weekends, changes of the clock and bad days. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ActiveHour, learnRhythm, missedMinutes } from './rhythm.ts';
import { judgeSilence } from './silence.ts';
import { createWeekHours, dayKindOf } from './week.ts';

const paris = createWeekHours('Europe/Paris');
const HOUR = 3_600;
const MASK = 2 ** 30 - 1;
const at = (iso: string): number => Date.parse(iso);

/** Hours from `from` to `to`, each with the minutes the sender spoke in. */
function spoke(from: string, to: string, minutes: (weekHour: number) => [number, number]): ActiveHour[] {
  const hours: ActiveHour[] = [];
  for (let hour = Math.ceil(at(from) / 3_600_000); hour * 3_600_000 < at(to); hour++) {
    const [firstHalf, secondHalf] = minutes(paris(hour));
    hours.push({ atSeconds: hour * HOUR, firstHalf, secondHalf });
  }
  return hours;
}

const isOffice = (weekHour: number): boolean =>
  dayKindOf(weekHour) === 0 && weekHour % 24 >= 8 && weekHour % 24 < 18;
const office = (weekHour: number): [number, number] => (isOffice(weekHour) ? [MASK, MASK] : [0, 0]);
const always = (): [number, number] => [MASK, MASK];

function silentAt(hours: ActiveHour[], last: string, now: string, extra: object = {}): boolean {
  const heard = { lastMillis: at(last), nowMillis: at(now), ...extra };
  return judgeSilence(heard, learnRhythm(hours, paris), paris).isSilent;
}

describe('a sender that never stops', () => {
  const hours = spoke('2026-10-20T00:00:00Z', '2026-11-20T12:00:00Z', always);
  it('is silent after ten minutes, not after five', () => {
    expect(silentAt(hours, '2026-11-20T12:00:00Z', '2026-11-20T12:05:00Z')).toBe(false);
    expect(silentAt(hours, '2026-11-20T12:00:00Z', '2026-11-20T12:11:00Z')).toBe(true);
  });
  it('is still known by its rhythm when one day of the past was an outage', () => {
    const holed = hours.filter(({ atSeconds }) => Math.abs(atSeconds * 1000 - at('2026-11-03T12:00Z')) > 2e7);
    expect(silentAt(holed, '2026-11-20T12:00:00Z', '2026-11-20T12:20:00Z')).toBe(true);
  });
  it('says since when, and how many days had one as long', () => {
    const heard = { lastMillis: at('2026-11-20T12:00:00Z'), nowMillis: at('2026-11-20T13:00:00Z') };
    const { daysAsLong, daysKnown, seconds, basis } = judgeSilence(heard, learnRhythm(hours, paris), paris);
    expect({ daysAsLong, seconds, basis }).toEqual({ daysAsLong: 0, seconds: 3_600, basis: 'learnt' });
    expect(daysKnown).toBeGreaterThan(28);
  });
  it('is not called silent for the time nobody listened', () => {
    const extra = { listeningSinceMillis: at('2026-11-20T19:59:00Z') };
    expect(silentAt(hours, '2026-11-20T12:00:00Z', '2026-11-20T20:00:00Z', extra)).toBe(false);
  });
});

describe('a sender of office hours', () => {
  const autumn = spoke('2026-09-28T00:00:00Z', '2026-10-23T16:00:00Z', office);
  it('may be silent for a weekend, also one in which the clock is put back', () => {
    // From Friday 18 h to Monday 8 h 04: 63 hours, one of them twice.
    expect(silentAt(autumn, '2026-10-23T15:59:00Z', '2026-10-25T12:00:00Z')).toBe(false);
    expect(silentAt(autumn, '2026-10-23T15:59:00Z', '2026-10-26T07:00:00Z')).toBe(false);
  });
  it('is missed on Monday morning, by the new time', () => {
    expect(silentAt(autumn, '2026-10-23T15:59:00Z', '2026-10-26T07:30:00Z')).toBe(true);
  });
  it('keeps its hours when the clock is put forward', () => {
    const winter = spoke('2026-03-02T00:00:00Z', '2026-03-27T17:00:00Z', office);
    expect(silentAt(winter, '2026-03-27T16:59:00Z', '2026-03-30T05:59:00Z')).toBe(false);
    expect(silentAt(winter, '2026-03-27T16:59:00Z', '2026-03-30T06:30:00Z')).toBe(true);
  });
  it('is expected nothing of on its first weekend', () => {
    const week = spoke('2026-11-16T00:00:00Z', '2026-11-20T17:00:00Z', office);
    expect(silentAt(week, '2026-11-20T16:59:00Z', '2026-11-22T20:00:00Z')).toBe(false);
  });
});

describe('a sender that speaks rarely', () => {
  it('each hour once: missed when two in a row did not come', () => {
    const hours = spoke('2026-11-01T00:00:00Z', '2026-11-20T12:00:00Z', () => [1, 0]);
    expect(silentAt(hours, '2026-11-20T11:00:00Z', '2026-11-20T12:01:00Z')).toBe(false);
    expect(silentAt(hours, '2026-11-20T11:00:00Z', '2026-11-20T13:01:00Z')).toBe(true);
  });
  it('each Sunday once: not missed on Friday, missed two weeks later', () => {
    const sundays = spoke('2026-10-15T00:00:00Z', '2026-11-15T12:00:00Z', (weekHour) =>
      weekHour === 146 ? [1, 0] : [0, 0],
    );
    expect(silentAt(sundays, '2026-11-15T01:00:00Z', '2026-11-20T12:00:00Z')).toBe(false);
    expect(silentAt(sundays, '2026-11-15T01:00:00Z', '2026-11-29T01:00:00Z')).toBe(true);
  });
  it('for two days only: judged by the stated default', () => {
    const young = spoke('2026-11-18T12:00:00Z', '2026-11-20T12:00:00Z', always);
    expect(silentAt(young, '2026-11-20T12:00:00Z', '2026-11-21T11:00:00Z')).toBe(false);
    expect(silentAt(young, '2026-11-20T12:00:00Z', '2026-11-21T12:00:02Z')).toBe(true);
  });
});

const number = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.integer({ min: 0, max: 60 * 24 }).map((n) => n * HOUR),
);
const activeHour = fc.record({ atSeconds: number, firstHalf: fc.integer(), secondHalf: fc.integer() });

describe('whatever the history', () => {
  it('learns the same in any order, and never throws', () => {
    fc.assert(
      fc.property(fc.array(activeHour, { maxLength: 60 }), number, number, (hours, lastMillis, nowMillis) => {
        const rhythm = learnRhythm(hours, paris);
        expect(learnRhythm([...hours].reverse(), paris)).toEqual(rhythm);
        const silence = judgeSilence({ lastMillis, nowMillis }, rhythm, paris);
        expect(silence.seconds).toBeGreaterThanOrEqual(0);
      }),
    );
  });
  it('comes to an end for instants that an hour more does not change', () => {
    expect(
      missedMinutes(-1_148_336_216_029_525_200, -1_148_336_216_029_424_400, () => 1),
    ).toBeGreaterThanOrEqual(0);
    expect(missedMinutes(1e300, Number.MAX_VALUE, () => 1)).toBe(0);
  });

  it('never calls a longer silence the less unusual one', () => {
    const hours = spoke('2026-10-20T00:00:00Z', '2026-11-20T12:00:00Z', office);
    const rhythm = learnRhythm(hours, paris);
    const lastMillis = at('2026-11-20T12:00:00Z');
    const judged = (seconds: number) =>
      judgeSilence({ lastMillis, nowMillis: lastMillis + seconds * 1000 }, rhythm, paris);
    fc.assert(
      fc.property(fc.nat(2_000_000), fc.nat(100_000), (seconds, more) => {
        const [shorter, longer] = [judged(seconds), judged(seconds + more)];
        expect(longer.missedSeconds).toBeGreaterThanOrEqual(shorter.missedSeconds);
        expect(Number(longer.isSilent)).toBeGreaterThanOrEqual(Number(shorter.isSilent));
      }),
    );
  });
});
