/** Whether a sender is silent for longer than by chance, and how unusual that is. Pure. */
import type { Silence } from '../../../model/live/source-facts.ts';
import { missedMinutes, type Rhythm } from './rhythm.ts';
import type { WeekHourOf } from './week.ts';

export interface Heard {
  readonly lastMillis: number;
  readonly nowMillis: number;
  /** Before it nobody listened: that time is no silence. */
  readonly listeningSinceMillis?: number;
}

/** No silence is shorter: senders restart, networks hiccup. */
const LEAST_SECONDS = 600;
/** For senders whose past is too short. */
const DEFAULT_SILENCE_SECONDS = 86_400;
const MINUTE_MILLIS = 60_000;

/** @example judgeSilence({ lastMillis, nowMillis }, rhythm, weekHourOf).isSilent */
export function judgeSilence(heard: Heard, rhythm: Rhythm, weekHourOf: WeekHourOf): Silence {
  const { lastMillis, nowMillis, listeningSinceMillis = lastMillis } = heard;
  const countedFrom = Math.max(lastMillis, listeningSinceMillis);
  const seconds = secondsBetween(lastMillis, nowMillis);
  const counted = secondsBetween(countedFrom, nowMillis);
  const common = { sinceMillis: lastMillis, seconds };
  if (rhythm.kind === 'unknown') {
    return {
      ...common,
      isSilent: counted > DEFAULT_SILENCE_SECONDS,
      basis: 'default',
      missedSeconds: counted,
      usualSeconds: undefined,
      limitSeconds: DEFAULT_SILENCE_SECONDS,
      daysAsLong: undefined,
      daysKnown: undefined,
    };
  }
  const missed =
    counted === 0
      ? 0
      : missedMinutes(
          countedFrom / MINUTE_MILLIS,
          nowMillis / MINUTE_MILLIS,
          (hour) => rhythm.weights[weekHourOf(hour)] ?? 0,
        );
  return {
    ...common,
    isSilent: counted >= LEAST_SECONDS && missed > rhythm.limitMinutes,
    basis: 'learnt',
    missedSeconds: Math.round(missed * 60),
    usualSeconds: Math.round(rhythm.usualMinutes * 60),
    limitSeconds: Math.max(LEAST_SECONDS, Math.round(rhythm.limitMinutes * 60)),
    daysAsLong: rhythm.longest.filter((longest) => longest >= missed).length,
    daysKnown: rhythm.longest.length,
  };
}

function secondsBetween(fromMillis: number, toMillis: number): number {
  const seconds = Math.floor((toMillis - fromMillis) / 1_000);
  return Number.isFinite(seconds) ? Math.max(0, seconds) : 0;
}
