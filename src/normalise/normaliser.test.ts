import { describe, expect, it } from 'vitest';
import { Envelope, Source } from '../model/content/source.ts';
import type { Event, Fields, Format } from '../model/event.ts';
import { type CarriedDecoder, compileContent } from './normaliser.ts';

const CONTEXT = { siteZone: 'Europe/Paris', referenceMicros: Date.UTC(2026, 10, 24) * 1000 };
const TITLE = { en: 'x', fr: 'x' };

function source(parts: Record<string, unknown>): Source {
  return Source.parse({ id: 'a', version: 1, title: TITLE, recognise: [{ has: ['x'] }], ...parts });
}

function envelope(parts: Record<string, unknown>): Envelope {
  return Envelope.parse({ id: 'e', version: 1, title: TITLE, recognise: [{ has: ['wrap'] }], ...parts });
}

function run(content: { sources?: Source[]; envelopes?: Envelope[]; decode?: CarriedDecoder }) {
  const { value } = compileContent(content.sources ?? [], content.envelopes ?? [], content.decode);
  return (fields: Fields, format: Format = 'json'): Event => {
    const outcome = value.normalise({ format, fields, origin: { path: 'f', offset: 0 } }, CONTEXT);
    if (outcome.kind !== 'ok') throw new Error(outcome.kind);
    return outcome.value;
  };
}

describe('choosing the source', () => {
  it('takes the highest priority, then the most tests', () => {
    const normalise = run({
      sources: [
        source({ id: 'plain', recognise: [{ has: ['x'] }] }),
        source({ id: 'narrow', recognise: [{ has: ['x'], where: { kind: 'Pump' } }] }),
        source({ id: 'loud', priority: 5, recognise: [{ starts: { x: 'loud' } }] }),
      ],
    });
    expect(normalise({ x: 'a' }).kind.sourceId).toBe('plain');
    expect(normalise({ x: 'a', kind: 'PUMP' }).kind.sourceId).toBe('narrow');
    expect(normalise({ x: 'Louder', kind: 'pump' }).kind.sourceId).toBe('loud');
  });

  it('keeps what nobody recognises, with the names most logs use', () => {
    const event = run({})({ hostname: 'PC-1', user: 'bob', timestamp: '2026-11-24T07:00:00Z', odd: 1 });
    expect(event.kind.sourceId).toBe('unknown');
    expect(event.kind.bindings).toEqual([]);
    expect(event.ecs).toMatchObject({ 'host.name': 'pc-1', 'user.name': 'bob' });
    expect(event.time?.iso).toBe('2026-11-24T07:00:00Z');
    expect(event.fields).toHaveProperty('odd', 1);
  });

  it('gives one kind object per set of variants', () => {
    const normalise = run({
      sources: [
        source({
          logsources: [{ product: 'p' }],
          variants: [
            { when: { id: [1, 2] }, logsources: [{ product: 'p', category: 'c' }] },
            { when: { id: 2 }, ecs: { 'event.action': { value: 'two' } } },
          ],
        }),
      ],
    });
    expect(normalise({ x: 1, id: '1' }).kind).toBe(normalise({ x: 2, id: 1 }).kind);
    expect(normalise({ x: 1, id: 1 }).kind).not.toBe(normalise({ x: 1, id: 2 }).kind);
    expect(normalise({ x: 1, id: 2 }).ecs).toEqual({ 'event.action': 'two' });
    expect(normalise({ x: 1, id: 3 }).kind.bindings).toHaveLength(1);
  });
});

describe('bases, extraction and own names', () => {
  it('takes over what the base says, under what the source says', () => {
    const normalise = run({
      sources: [
        source({ id: 'b', recognise: [{ has: ['no'] }], ecs: { 'host.name': 'h', 'user.name': 'u' } }),
        source({ base: 'b', ecs: { 'user.name': 'me' }, own: { made: { template: '{x}!' } } }),
      ],
    });
    const event = normalise({ x: 'y', h: 'pc', u: 'other', me: 'mine' });
    expect(event.ecs).toEqual({ 'host.name': 'pc', 'user.name': 'mine' });
    expect(event.fields).toHaveProperty('made', 'y!');
  });

  it('reports a base that is not there', () => {
    const { issues } = compileContent([source({ base: 'gone' })], []);
    expect(issues[0]).toMatchObject({ code: 'CONTENT_INVALID', place: { path: 'a', pointer: 'base' } });
  });

  it('reports a bad template and works without it', () => {
    const bad = source({ extract: [{ from: 'x', patterns: [{ match: '<a' }, { match: '<b:word>' }] }] });
    expect(compileContent([bad], []).issues).toHaveLength(1);
    expect(run({ sources: [bad] })({ x: 'word' }).fields).toEqual({ x: 'word', b: 'word' });
  });
});

describe('envelopes', () => {
  it('renames, lifts, and prefixes what clashes', () => {
    const normalise = run({
      envelopes: [
        envelope({
          lift: [{ path: 'wrap.data', clash: 'data_' }],
          rename: { Name: ['wrap.gone', 'wrap.meta.name'], wrap: 'outer' },
        }),
      ],
    });
    const event = normalise({ wrap: { data: { Name: 'inner', a: 1 }, meta: { name: 'N', b: 2 } }, c: 3 });
    expect(event.fields).toEqual({ Name: 'N', data_Name: 'inner', a: 1, c: 3, wrap: { meta: { b: 2 } } });
  });

  it('decodes a carried line and keeps the rest under its own name', () => {
    const decode: CarriedDecoder = (line) =>
      line.startsWith('{') ? { format: 'json', fields: JSON.parse(line) as Fields } : undefined;
    const normalise = run({
      sources: [source({})],
      envelopes: [envelope({ carries: 'wrap', format: 'text' })],
      decode,
    });
    expect(normalise({ wrap: '{"x":1}\n', tag: 't' }).fields).toEqual({
      x: 1,
      e: { wrap: '{"x":1}\n', tag: 't' },
    });
    expect(normalise({ wrap: 'words', tag: 't' }).fields).toEqual({
      wrap: 'words',
      tag: 't',
      message: 'words',
    });
  });

  it('stops at envelopes that carry themselves for ever', () => {
    const decode: CarriedDecoder = (line) => ({ format: 'json', fields: { wrap: line } });
    const event = run({ envelopes: [envelope({ carries: 'wrap' })], decode })({ wrap: 'x' });
    expect(event.fields).toHaveProperty('e');
  });
});
