/** One machine under its short and its full name is one; what cannot be told apart from another is left alone. */
import { describe, expect, it } from 'vitest';
import { countValue, createCounter } from '../../../lib/counter.ts';
import { foldHosts, hostAliases } from './host-names.ts';
import { listStreams } from './streams.ts';
import { createTally, tallyEvent, tallyMatch } from './tally.ts';

function aliasesOf(names: readonly string[]): Record<string, string> {
  const counter = createCounter(100);
  for (const name of names) countValue(counter, name);
  return Object.fromEntries(hostAliases(counter));
}

describe('host names', () => {
  it('folds a short name into the only full name that begins with it', () => {
    expect(aliasesOf(['ws01', 'ws01.hospital.local', 'dc1.hospital.local'])).toEqual({
      ws01: 'ws01.hospital.local',
    });
  });

  it('folds letter case into the spelling seen most', () => {
    expect(aliasesOf(['WS01', 'ws01', 'ws01'])).toEqual({ WS01: 'ws01' });
    expect(aliasesOf(['WS01', 'ws01.a.fr', 'WS01.A.fr', 'WS01.A.fr'])).toEqual({
      WS01: 'WS01.A.fr',
      'ws01.a.fr': 'WS01.A.fr',
    });
  });

  it('leaves what is ambiguous, and addresses', () => {
    expect(aliasesOf(['ws01', 'ws01.a.fr', 'ws01.b.fr'])).toEqual({});
    expect(aliasesOf(['10', '10.0.0.1', 'fe80', 'fe80::1.x'])).toEqual({});
  });

  it('does not depend on the order of arrival', () => {
    const names = ['ws01', 'WS01', 'WS01.a.fr', 'ws01.a.fr', 'x', 'X'];
    expect(aliasesOf([...names].reverse())).toEqual(aliasesOf(names));
  });

  it('renames in everything the summary is made of', () => {
    const tally = createTally();
    const seen = { sourceId: 's', user: '', channel: 'c', micros: 60_000_000, recordNumber: undefined };
    for (const host of ['ws01', 'ws01.a.fr']) tallyEvent(tally, { ...seen, host });
    const match = { ruleIndex: 0, level: 'high', micros: 1, user: '', path: 'p', offset: 0 } as const;
    tallyMatch(tally, { ...match, host: 'ws01' }, () => ({
      at: '',
      host: 'ws01',
      user: '',
      path: 'p',
      offset: 0,
      deciding: [],
      fields: {},
    }));
    const folded = foldHosts(tally);
    expect([...folded.hosts.counts]).toEqual([['ws01.a.fr', 2]]);
    expect([...listStreams(folded.streams)].map(({ host, events }) => [host, events])).toEqual([
      ['ws01.a.fr', 2],
    ]);
    const finding = folded.findings.get(0);
    expect([...(finding?.hosts.counts.keys() ?? [])]).toEqual(['ws01.a.fr']);
    expect(finding?.samples.earliest[0]?.sample.host).toBe('ws01.a.fr');
  });
});
