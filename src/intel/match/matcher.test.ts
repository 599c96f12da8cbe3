/** Hits on whole events: which field decides, what expires, what warning lists say, and the signal made of it. */
import { describe, expect, it } from 'vitest';
import type { WarningList } from '../../model/content/warning-list.ts';
import type { Event } from '../../model/event.ts';
import type { Indicator, IndicatorType } from '../../model/live/intel.ts';
import { createIntelIndexBuilder, openIntelIndex } from './intel-index.ts';
import { createIntelMatcher, type IntelMatcher } from './matcher.ts';
import { intelSignal } from './signal.ts';

const LIST = {
  id: 'test-list',
  version: '1',
  title: { en: 'Test list', fr: 'Liste de test' },
  level: 'high' as const,
};

function listed(type: IndicatorType, value: string, more: Partial<Indicator> = {}): Indicator {
  return { type, value, listId: LIST.id, confidence: 80, tags: [], ...more };
}

function matcherOf(indicators: readonly Indicator[], warnings: readonly WarningList[] = []): IntelMatcher {
  const builder = createIntelIndexBuilder({ lists: [LIST], warnings, seed: 1 });
  for (const indicator of indicators) builder.add(indicator);
  return createIntelMatcher(openIntelIndex(builder.finish().buffers));
}

function eventOf(ecs: Event['ecs'], fields: Event['fields'] = {}, atMillis = Date.UTC(2026, 0, 10)): Event {
  const kind = { sourceId: 'x', sourceVersion: 1, bindings: [], ecsNames: Object.keys(ecs) };
  const time = { epochMicros: atMillis * 1000, iso: new Date(atMillis).toISOString(), assumed: [] };
  return { kind, time, ecs, fields, origin: { path: '-', offset: 0 }, format: 'json' };
}

function warning(match: WarningList['match'], action: WarningList['action'], values: string[]): WarningList {
  const types: WarningList['types'] = ['domain', 'url', 'ip', 'md5', 'email'];
  return {
    id: `${match}-${action}`,
    version: 1,
    title: { en: 'Benign', fr: 'Bénin' },
    action,
    match,
    types,
    values,
  };
}

describe('the matcher', () => {
  it('looks where each type of indicator can stand', () => {
    const { match } = matcherOf([
      listed('domain', 'evil.example'),
      listed('ip', '203.0.113.0/24'),
      listed('url', 'http://shared.example/bad/'),
      listed('sha256', 'a'.repeat(64)),
      listed('md5', 'b'.repeat(32)),
      listed('imphash', 'c'.repeat(32)),
      listed('email', 'boss@fake.example'),
    ]);
    const fieldOf = (ecs: Event['ecs'], fields: Event['fields'] = {}) =>
      match(eventOf(ecs, fields)).map(({ field }) => field);
    expect(fieldOf({ 'dns.question.name': 'a.b.EVIL.example.' })).toEqual(['dns.question.name']);
    expect(fieldOf({ 'dns.question.name': 'notevil.example' })).toEqual([]);
    expect(fieldOf({ 'destination.ip': '203.0.113.9' })).toEqual(['destination.ip']);
    expect(fieldOf({ 'source.ip': ['192.0.2.1', '::ffff:203.0.113.9'] })).toEqual(['source.ip']);
    expect(fieldOf({ 'url.original': 'https://shared.example:443/bad/x?y=1' })).toEqual(['url.original']);
    expect(fieldOf({ 'url.original': 'https://shared.example/good' })).toEqual([]);
    expect(fieldOf({ 'url.original': 'https://x.evil.example/' })).toEqual(['url.original']);
    expect(fieldOf({ 'url.domain': 'shared.example', 'url.original': '/bad/x' })).toEqual(['url.path']);
    expect(fieldOf({ 'process.hash.sha256': 'A'.repeat(64) })).toEqual(['process.hash.sha256']);
    expect(fieldOf({}, { Hashes: `MD5=${'B'.repeat(32)},IMPHASH=${'C'.repeat(32)}` })).toEqual([
      'Hashes',
      'Hashes',
    ]);
    expect(fieldOf({ 'file.hash.md5': 'c'.repeat(32) })).toEqual([]);
    expect(fieldOf({ 'email.from.address': 'Boss <BOSS@fake.example>' })).toEqual(['email.from.address']);
    expect(fieldOf({ 'email.from.address': 'x@mail.evil.example' })).toEqual(['email.from.address']);
    expect(fieldOf({}, { answers: ['ok.example', '203.0.113.4'] })).toEqual(['answers']);
  });
  it('lets indicators expire by the time of the event, and says when the event came before', () => {
    const { match } = matcherOf([
      listed('domain', 'old.example', { validUntilMillis: Date.UTC(2026, 0, 9) }),
      listed('domain', 'new.example', { validFromMillis: Date.UTC(2026, 0, 11) }),
    ]);
    expect(match(eventOf({ 'url.domain': 'old.example' }))).toEqual([]);
    expect(match(eventOf({ 'url.domain': 'old.example' }, {}, Date.UTC(2026, 0, 8)))).toHaveLength(1);
    expect(match(eventOf({ 'url.domain': 'new.example' }))[0]?.isEarly).toBe(true);
  });
  it('marks hits that warning lists know, on the value or on the indicator, strictest first', () => {
    const { match } = matcherOf(
      [
        listed('domain', 'popular.example'),
        listed('ip', '10.0.0.0/8'),
        listed('md5', 'd'.repeat(32)),
        listed('ip', '198.51.100.0/24'),
      ],
      [
        warning('host', 'mark', ['popular.example']),
        warning('range', 'suppress', ['10.0.0.0/8', '198.51.100.53']),
        warning('exact', 'suppress', ['d'.repeat(32)]),
        warning('regex', 'mark', ['^popular\\.']),
      ],
    );
    const actionOf = (ecs: Event['ecs']) => match(eventOf(ecs))[0]?.warning?.action;
    expect(actionOf({ 'url.domain': 'www.popular.example' })).toBe('mark');
    expect(actionOf({ 'source.ip': '10.1.2.3' })).toBe('suppress');
    expect(actionOf({ 'source.ip': '198.51.100.53' })).toBe('suppress');
    expect(actionOf({ 'source.ip': '198.51.100.54' })).toBeUndefined();
    expect(actionOf({ 'file.hash.md5': 'd'.repeat(32) })).toBe('suppress');
  });
  it('counts the same value of the same list once, and keeps the later one', () => {
    const { match } = matcherOf([
      listed('ip', '203.0.113.1'),
      listed('ip', '203.0.113.1'),
      listed('domain', 'x.example', { confidence: 1 }),
      listed('domain', 'x.example', { confidence: 99 }),
    ]);
    expect(match(eventOf({ 'source.ip': '203.0.113.1', 'destination.ip': '203.0.113.1' }))).toHaveLength(1);
    expect(
      match(eventOf({ 'url.domain': 'x.example' })).map(({ indicator }) => indicator.confidence),
    ).toEqual([99]);
  });
  it('keeps tags and references whole', () => {
    const reference = 'https://rapport.example/é';
    const { match } = matcherOf([listed('domain', 'x.example', { tags: ['a', 'b'], reference })]);
    expect(match(eventOf({ 'url.domain': 'x.example' }))[0]?.indicator).toMatchObject({
      tags: ['a', 'b'],
      reference,
    });
  });
});

describe('the signal', () => {
  it('has the same id for the same event and indicator, and says why', () => {
    const { match } = matcherOf([
      listed('domain', 'evil.example', { tags: ['misp-galaxy:mitre-attack-pattern="DNS - T1071.004"'] }),
    ]);
    const event = eventOf({
      'dns.question.name': 'x.evil.example',
      'host.name': 'pc-1',
      'user.name': 'anne',
    });
    const [hit] = match(event);
    if (hit === undefined) throw new Error('no hit');
    const context = { ref: { node: 1, seq: 65_536 }, atMicros: 5, ecs: event.ecs };
    const signal = intelSignal(hit, context);
    expect(intelSignal(hit, context)).toEqual(signal);
    expect(intelSignal(hit, { ...context, ref: { node: 1, seq: 65_537 } }).id).not.toBe(signal.id);
    expect(signal).toMatchObject({
      kind: 'intel',
      level: 'high',
      techniques: ['T1071.004'],
      deciding: [{ field: 'dns.question.name', value: 'x.evil.example' }],
      entities: [
        { kind: 'host', name: 'pc-1' },
        { kind: 'account', name: 'anne' },
        { kind: 'destination', name: 'evil.example' },
      ],
    });
    expect(signal.title.fr).toBe('Domaine dans une liste (Liste de test)');
    expect(signal.explanation?.en).toContain('evil.example');
  });
});
