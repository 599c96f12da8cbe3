/** Writes the demo: one night of an invented hospital, with an intrusion in it, as the files its products would leave. */
import { createJournal } from './journal.ts';
import { writeLookAlikes } from './look-alikes.ts';
import type { Night } from './night.ts';
import { writeOrdinaryNight } from './ordinary.ts';
import { createChance } from './random.ts';
import { type StoryStep, writeStory } from './story.ts';
import { type WrittenFile, writeNight } from './write.ts';

const NIGHT_HOURS = 14;

export interface Demo {
  readonly files: readonly WrittenFile[];
  readonly story: readonly StoryStep[];
}

export interface DemoOptions {
  readonly seed: number;
  /** When the logs end, microseconds since 1970. */
  readonly endMicros: number;
  /** Leaves the intrusion out: a night on which nothing happens. */
  readonly quiet?: boolean;
}

/**
 * Fills `folder` (made if missing) with the logs of the fourteen hours before the end. The same options give the same
 * bytes.
 * @throws Error of node:fs when the folder cannot be written.
 */
export function generateDemo(folder: string, options: DemoOptions): Demo {
  const journal = createJournal();
  const endAt = Math.floor(options.endMicros / 1000);
  const startAt = endAt - NIGHT_HOURS * 3_600_000;
  const night: Night = { startAt, endAt, chance: createChance(options.seed), journal };
  writeOrdinaryNight(night);
  writeLookAlikes(night);
  const story = options.quiet === true ? [] : writeStory(night);
  return { files: writeNight(folder, journal), story };
}
