import { describe, expect, it } from 'vitest';
import { findGaps } from './log-health.ts';
import { createStreamTrack, noteEvent, type StreamTrack } from './stream-track.ts';

const START = 29_000_000;

/** A host that writes one record a minute for `minutes`, except where `isSilent`. */
function steady(minutes: number, isSilent: (minute: number) => boolean, isNumbered = true): StreamTrack {
  const track = createStreamTrack('srv-ad-01', 'Security');
  for (let minute = 0, number = 1; minute < minutes; minute += 1) {
    if (isSilent(minute)) continue;
    noteEvent(track, START + minute, isNumbered ? number : undefined);
    number += 1;
  }
  return track;
}

describe('findGaps', () => {
  it('sees a long silence of a steady log', () => {
    const gaps = findGaps(steady(600, (minute) => minute >= 300 && minute < 360));
    expect(gaps).toHaveLength(1);
    expect(gaps[0]).toMatchObject({ host: 'srv-ad-01', channel: 'Security', seconds: 3600, missing: 0 });
    expect(gaps[0]?.from).toBe(new Date((START + 300) * 60_000).toISOString());
  });
  it('does not call the usual rhythm a gap', () => {
    expect(findGaps(steady(600, (minute) => minute % 3 !== 0))).toEqual([]);
  });
  it('says nothing of a capture too short to judge', () => {
    expect(findGaps(steady(100, (minute) => minute > 20 && minute < 90))).toEqual([]);
  });
  it('sees records that are missing from a complete log, without any silence', () => {
    const track = createStreamTrack('srv-ad-01', 'Security');
    for (let index = 0; index < 3000; index += 1) {
      noteEvent(track, START + Math.floor(index / 10), index < 1500 ? index : index + 80);
    }
    expect(findGaps(track)).toMatchObject([{ missing: 80 }]);
  });
  it('does not count what a filtered export left out', () => {
    const track = createStreamTrack('srv-ad-01', 'Security');
    for (let index = 0; index < 3000; index += 1) noteEvent(track, START + Math.floor(index / 10), index * 7);
    expect(findGaps(track)).toEqual([]);
  });
});
