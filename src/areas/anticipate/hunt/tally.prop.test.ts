import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SignalSample } from '../../../model/hunt.ts';
import { type SummaryFacts, summarise } from './summary.ts';
import {
  createTally,
  mergeTallies,
  type Seen,
  type Tally,
  tallyEvent,
  tallyIssue,
  tallyMatch,
  tallyNote,
} from './tally.ts';

const FACTS: SummaryFacts = {
  version: '0',
  startedAt: '',
  seconds: 1,
  rulesLoaded: 1,
  // Two rules may have one title.
  ruleAt: (index) => ({
    kind: 'detection',
    id: `r${index}`,
    title: 'R',
    level: 'high',
    tags: [],
    references: [],
    falsepositives: [],
    fields: [],
    custom: {},
    place: {},
    logsource: {},
    searches: new Map(),
    conditions: [],
    generates: true,
  }),
  rulesRefused: 0,
  silentRules: [],
  sourceTitles: new Map(),
  interrupted: false,
  rowsDropped: 0,
  rowsKept: 1,
};

interface Step {
  readonly seen: Seen;
  readonly offset: number;
  readonly isMatch: boolean;
  readonly ruleIndex: number;
  /** What else there is to say of it, seldom. */
  readonly also: 'clear' | 'jump' | 'broken' | 'deep' | undefined;
}

const step: fc.Arbitrary<Step> = fc.record({
  seen: fc.record({
    sourceId: fc.constantFrom('windows-sysmon', 'unknown'),
    host: fc.constantFrom('', 'srv-pacs-01', 'pc-urg-07'),
    user: fc.constantFrom('', 'm.durand'),
    channel: fc.constantFrom('Security', 'System'),
    // Wide enough to make buckets widen: several decades of minutes.
    micros: fc.option(
      fc.integer({ min: 0, max: 1.5e9 }).map((seconds) => seconds * 1_000_000),
      { nil: undefined },
    ),
    recordNumber: fc.option(fc.nat(1000), { nil: undefined }),
  }),
  offset: fc.nat(100_000),
  isMatch: fc.boolean(),
  ruleIndex: fc.nat(1),
  also: fc.nat(79).map((n) => (['clear', 'jump', 'broken', 'deep'] as const)[n]),
});

const SAMPLE = { deciding: [], fields: {}, at: '', host: '', user: '', path: 'a' };

function note(tally: Tally, step: Step): void {
  const { seen, offset, isMatch, ruleIndex } = step;
  tallyEvent(tally, seen);
  noteMore(tally, step);
  if (!isMatch) return;
  const sample: SignalSample = { ...SAMPLE, offset };
  const match = {
    ruleIndex,
    level: 'high',
    micros: seen.micros,
    host: seen.host,
    user: seen.user,
  } as const;
  tallyMatch(tally, { ...match, path: 'a', offset }, () => sample);
}

/** Notes of one instant, so that what else they say must tell their order. */
function noteMore(tally: Tally, { seen, offset, also }: Step): void {
  const { host, user, channel } = seen;
  const where = { at: '2026-11-26T10:00:00Z', host, channel, path: 'a' };
  const place = { path: 'a', offset };
  if (also === 'clear') tallyNote(tally, tally.clears, { ...where, user });
  if (also === 'jump') tallyNote(tally, tally.clockJumps, { ...where, seconds: offset });
  if (also === 'broken') tallyIssue(tally, { code: 'CODEC_DOCUMENT_BROKEN', place });
  if (also === 'deep') tallyIssue(tally, { code: 'CODEC_TOO_DEEP', place, params: { limit: 1 } });
}

describe('tally', () => {
  it('merges parts, in any order, to what one pass gives', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(step, { maxLength: 200, selector: (s) => s.offset }),
        fc.nat(5),
        (steps, lanes) => {
          const whole = createTally();
          const parts = Array.from({ length: lanes + 1 }, createTally);
          steps.forEach((item, index) => {
            note(whole, item);
            note(parts[(index * 7) % parts.length] as Tally, item);
          });
          const merged = createTally();
          for (const part of parts.reverse()) mergeTallies(merged, part);
          expect(summarise(merged, FACTS)).toEqual(summarise(whole, FACTS));
        },
      ),
      { seed: 20261124, numRuns: 150 },
    );
  });

  it('keeps the same beyond its bounds, whatever the number of threads', () => {
    const kept = [1, 2, 7].map((lanes) => {
      const parts = Array.from({ length: lanes }, createTally);
      for (let n = 0; n < 1_400; n += 1) {
        const part = parts[n % lanes] as Tally;
        // Later ones come first.
        const at = new Date(1_700_000_000_000 - n * 60_000).toISOString();
        const where = { at, host: 'h', channel: 'c', path: `f${n % 3}` };
        tallyNote(part, part.clears, { ...where, user: '' });
        tallyNote(part, part.clockJumps, { ...where, seconds: n });
        tallyIssue(part, { code: 'CODEC_TOO_DEEP', place: { path: `f${n % 3}`, offset: 5_000 - n } });
      }
      const merged = createTally();
      for (const part of parts.reverse()) mergeTallies(merged, part);
      return summarise(merged, FACTS);
    });
    expect(kept[0]?.clears).toHaveLength(500);
    expect(kept[0]?.limits[0]?.en).toContain('1800 more cleared logs or clock jumps');
    expect(kept[1]).toEqual(kept[0]);
    expect(kept[2]).toEqual(kept[0]);
  });

  it('counts a file once among those read or unread', () => {
    const tally = createTally();
    const file = { format: 'text', bytes: 1, first: '', last: '' } as const;
    tally.files.push({ ...file, path: 'a', events: 3 }, { ...file, path: 'b.png', events: 0 });
    tallyIssue(tally, { code: 'CODEC_NOT_A_LOG', place: { path: 'b.png' } });
    for (const offset of [1, 2])
      tallyIssue(tally, { code: 'CODEC_RECORD_TOO_LONG', place: { path: 'a', offset } });
    expect(summarise(tally, FACTS)).toMatchObject({ filesRead: 1, filesUnread: 2 });
  });

  it('counts what a reader folded among its own, without another line', () => {
    const tally = createTally();
    const place = { path: 'a' };
    tallyIssue(tally, { code: 'CODEC_GARBAGE', place, params: { lines: 2 } });
    tallyIssue(tally, {
      code: 'CODEC_MORE_OF_THE_SAME',
      place,
      params: { count: 40, code: 'CODEC_GARBAGE' },
    });
    const [group, ...others] = summarise(tally, FACTS).issues;
    expect([group?.count, group?.samples.length, others]).toEqual([41, 1, []]);
  });
});
