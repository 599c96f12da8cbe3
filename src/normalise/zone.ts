/**
 * Turns local wall-clock time of an IANA zone into UTC. Offsets come from Intl and are cached per quarter of an hour,
 * because zones change only on quarter-hour boundaries. It does not read the machine's own zone.
 */

export interface Zone {
  /** Seconds since the epoch of a wall-clock time given as if it were UTC seconds. */
  toUtcSeconds(localSeconds: number): number;
}

const QUARTER = 900;
const DAY = 86_400;
const CACHE_LIMIT = 50_000;
const UTC: Zone = { toUtcSeconds: (local) => local };
const zones = new Map<string, Zone>();

/** The zone of an IANA name (`Europe/Paris`); an unknown name is taken for UTC. */
export function zoneNamed(name: string): Zone {
  const known = zones.get(name);
  if (known !== undefined) return known;
  const zone = createZone(name);
  zones.set(name, zone);
  return zone;
}

function createZone(name: string): Zone {
  const offsetAt = createOffsets(name);
  if (offsetAt === undefined) return UTC;
  const cache = new Map<number, number>();
  let lastQuarter = Number.NaN;
  let lastOffset = 0;
  return {
    toUtcSeconds(local) {
      const quarter = Math.floor(local / QUARTER);
      if (quarter !== lastQuarter) {
        let offset = cache.get(quarter);
        if (offset === undefined) {
          if (cache.size >= CACHE_LIMIT) cache.clear();
          offset = localOffset(offsetAt, quarter * QUARTER);
          cache.set(quarter, offset);
        }
        lastQuarter = quarter;
        lastOffset = offset;
      }
      return local - lastOffset;
    },
  };
}

/**
 * The offset in force at a wall-clock time. When the clock was put back, the time happened twice: the first one is
 * meant. When it was put forward, the time never was: the offset before the change is kept.
 */
function localOffset(offsetAt: (utcSeconds: number) => number, local: number): number {
  const before = offsetAt(local - DAY);
  const after = offsetAt(local + DAY);
  if (before === after) return before;
  if (offsetAt(local - before) === before) return before;
  return offsetAt(local - after) === after ? after : before;
}

function createOffsets(name: string): ((utcSeconds: number) => number) | undefined {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return undefined;
  }
  return (utcSeconds) => {
    const parts: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(utcSeconds * 1000)) parts[type] = Number(value);
    const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - utcSeconds;
  };
}
