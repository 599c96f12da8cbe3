/** The event path with indicators: signals, what is suppressed and counted, and another index between two events. */
import { describe, expect, it } from 'vitest';
import { createIntelIndexBuilder } from '../../../intel/index.ts';
import type { Event } from '../../../model/event.ts';
import type { IntelBuffers } from '../../../model/live/intel.ts';
import { createIntelSignals } from './intel-signals.ts';

const LIST = { id: 'l', version: '1', title: { en: 'L', fr: 'L' }, level: 'high' as const };
const WARNING = {
  id: 'benign',
  version: 1,
  title: { en: 'B', fr: 'B' },
  action: 'suppress' as const,
  match: 'range' as const,
  types: ['ip' as const],
  values: ['10.0.0.0/8'],
};
const AT = { node: 2, seq: 65_537, receivedAtMillis: 5 };

function buffersOf(...values: string[]): IntelBuffers {
  const builder = createIntelIndexBuilder({ lists: [LIST], warnings: [WARNING], seed: 1 });
  for (const value of values) builder.add({ type: 'ip', value, listId: 'l', confidence: 90, tags: [] });
  return builder.finish().buffers;
}

function eventOf(ip: string): Event {
  const kind = { sourceId: 's', sourceVersion: 1, bindings: [], ecsNames: ['destination.ip'] };
  return {
    kind,
    time: undefined,
    ecs: { 'destination.ip': ip },
    fields: {},
    origin: { path: '-', offset: 0 },
    format: 'json',
  };
}

describe('indicators on the event path', () => {
  it('make signals, in the time of reception when the event has none', () => {
    const intel = createIntelSignals();
    expect(intel.of(eventOf('203.0.113.1'), AT)).toEqual([]);
    intel.use(buffersOf('203.0.113.0/24', '10.1.1.1'));
    expect(intel.of(eventOf('203.0.113.1'), AT)).toMatchObject([
      { kind: 'intel', atMicros: 5_000, events: [{ node: 2, seq: 65_537 }] },
    ]);
    intel.use(buffersOf('198.51.100.1'));
    expect(intel.of(eventOf('203.0.113.1'), AT)).toEqual([]);
  });
  it('count what warning lists suppress', () => {
    const intel = createIntelSignals();
    intel.use(buffersOf('10.1.1.1'));
    expect(intel.of(eventOf('10.1.1.1'), AT)).toEqual([]);
    expect([...intel.takeSuppressed()]).toEqual([['benign', 1]]);
    expect([...intel.takeSuppressed()]).toEqual([]);
  });
});
