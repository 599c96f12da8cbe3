/**
 * Which hour of the week an instant is in, at the site: 0 is Monday 0 h, 167 is Sunday 23 h. Daylight saving is the
 * zone's; an hour that comes twice has its place twice. Knows no public holidays.
 */

export const WEEK_HOURS = 168;
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const REMEMBERED = 20_000;
/** Beyond what a date can be. */
const LAST_HOUR = 2_400_000_000;

/** Hours since 1970 → hour of the week. */
export type WeekHourOf = (hour: number) => number;

/** @param zone an IANA name; an unknown one is taken for UTC */
export function createWeekHours(zone: string): WeekHourOf {
  const format = formatOf(zone);
  const known = new Map<number, number>();
  return (hour) => {
    let found = known.get(hour);
    if (found === undefined) {
      if (known.size >= REMEMBERED) known.clear();
      found = read(format, hour);
      known.set(hour, found);
    }
    return found;
  };
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const options = { weekday: 'short', hour: 'numeric', hourCycle: 'h23' } as const;
  try {
    return new Intl.DateTimeFormat('en-US', { ...options, timeZone: zone });
  } catch {
    return new Intl.DateTimeFormat('en-US', { ...options, timeZone: 'UTC' });
  }
}

function read(format: Intl.DateTimeFormat, hour: number): number {
  if (!(Math.abs(hour) < LAST_HOUR)) return 0;
  let day = 0;
  let dayHour = 0;
  for (const { type, value } of format.formatToParts(hour * 3_600_000)) {
    if (type === 'weekday') day = Math.max(0, DAYS.indexOf(value));
    if (type === 'hour') dayHour = Number(value);
  }
  return day * 24 + dayHour;
}

/** Working day, Saturday or Sunday. */
export function dayKindOf(weekHour: number): number {
  return Math.max(0, Math.floor(weekHour / 24) - 4);
}
