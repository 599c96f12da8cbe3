import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createStreams,
  foldStreams,
  listStreams,
  mergeStreams,
  noteInStream,
  type Streams,
} from './streams.ts';

const MOST = 50;

const event = fc.record({
  host: fc.constantFrom('srv-ad-01', 'srv-pacs-01', 'pc-urg-07', 'SRV-AD-01'),
  channel: fc.constantFrom('Security', 'System'),
  epochMinute: fc.nat(2_000),
  recordNumber: fc.option(fc.nat(1_000), { nil: undefined }),
});

/** Everything that is known of the streams, whatever the order they came in. */
function facts(streams: Streams): unknown {
  const tracks = [...listStreams(streams)].map(({ speaks, numbers, ...rest }) => ({
    ...rest,
    minutes: speaks.minutes,
    counts: [...speaks.counts].sort(([a], [b]) => a - b),
    numbers: [...numbers].sort(([a], [b]) => a - b),
  }));
  const { count, minutes, buckets, overflow } = streams;
  const keyOf = ({ host, channel }: { host: string; channel: string }): string => `${host}/${channel}`;
  return { count, minutes, buckets, overflow, tracks: tracks.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)) };
}

describe('the streams of a hunt', () => {
  it('stay under their limit, and merge in any order to what one pass gives', () => {
    let widened = 0;
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 300, size: 'max' }),
        fc.integer({ min: 1, max: 5 }),
        (events, lanes) => {
          const whole = createStreams(MOST);
          const parts = Array.from({ length: lanes }, () => createStreams(MOST));
          for (const [index, one] of events.entries()) {
            noteInStream(whole, one);
            noteInStream(parts[(index * 7) % lanes] as Streams, one);
          }
          const merged = createStreams(MOST);
          for (const part of parts.reverse()) mergeStreams(merged, part);
          expect(facts(merged)).toEqual(facts(whole));
          const held = [...listStreams(whole)].reduce((sum, { speaks }) => sum + speaks.counts.size, 0);
          expect(whole.buckets).toBe(held);
          expect(held).toBeLessThanOrEqual(MOST);
          widened += whole.minutes > 1 ? 1 : 0;
        },
      ),
      { seed: 20261126, numRuns: 300 },
    );
    expect(widened).toBeGreaterThan(50);
  });

  it('keep their width when machines are given one name', () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 100, maxLength: 200 }), (events) => {
        const streams = createStreams(MOST);
        const lower = createStreams(MOST);
        for (const one of events) {
          noteInStream(streams, one);
          noteInStream(lower, { ...one, host: one.host.toLowerCase() });
        }
        const folded = foldStreams(streams, (host) => host.toLowerCase());
        expect(folded.minutes).toBe(streams.minutes);
        expect(folded.minutes).toBeGreaterThanOrEqual(lower.minutes);
        expect([...listStreams(folded)].map(({ host }) => host)).not.toContain('SRV-AD-01');
        expect(folded.count).toBe(lower.count);
      }),
      { seed: 20261126, numRuns: 100 },
    );
  });
});
