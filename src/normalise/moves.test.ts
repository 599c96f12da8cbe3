import { expect, it } from 'vitest';
import { heapLeft } from '../../test/heap-left.ts';
import { Envelope } from '../model/content/source.ts';
import type { Fields } from '../model/event.ts';
import { compileEnvelope } from './envelope.ts';
import { createMoves, type Moves } from './moves.ts';

const BASE = { version: 1, title: { en: 'E', fr: 'E' }, reference: 'https://example.org' };

function movesWith(...contents: object[]) {
  const envelopes = contents.map((content, index) =>
    compileEnvelope(Envelope.parse({ ...BASE, id: `e${index}`, ...content })),
  );
  const movesOf = createMoves(
    envelopes.flatMap((envelope) => envelope.recognisers.map((recogniser) => ({ envelope, recogniser }))),
  );
  const learn = (fields: Fields): Moves | undefined => {
    movesOf(fields);
    movesOf(fields);
    return movesOf(fields);
  };
  return { envelopes, movesOf, learn };
}

const BEAT = {
  recognise: [{ has: ['win.channel'] }],
  rename: { Channel: 'win.channel', Code: ['win.code', 'event.code'] },
  lift: [{ path: 'win.data', clash: 'D_' }, ''],
};
const RECORD = {
  win: { channel: 'Security', data: { Channel: 'x', User: 'ann', 'a.b': 1 }, api: 'w', empty: {} },
  event: { code: 4624, kind: 'event' },
  agent: { type: 'beat', version: [8, 1] },
  '7': null,
};

it('moves values as the envelope does, from the third record on', () => {
  const { envelopes, movesOf, learn } = movesWith(BEAT);
  expect([movesOf(RECORD), movesOf(RECORD)]).toEqual([undefined, undefined]);
  const moves = learn(RECORD);
  expect(moves?.envelope).toBe(envelopes[0]);
  const other = { ...RECORD, win: { ...RECORD.win, channel: null }, agent: { type: [], version: '9' } };
  for (const record of [RECORD, other]) {
    movesOf(record);
    expect(JSON.stringify(moves?.own())).toBe(JSON.stringify(envelopes[0]?.take(record)));
  }
});

it('knows another layout by any key, its place, and whether an object stands there', () => {
  const { movesOf, learn } = movesWith(BEAT);
  learn(RECORD);
  const { win, ...rest } = RECORD;
  for (const record of [
    { ...rest, win },
    { win, ...rest, more: 1 },
    { win, ...rest, agent: 'text' },
    { win },
  ])
    expect(movesOf(record)).toBeUndefined();
});

it('says of records without an envelope that they have none', () => {
  const { learn } = movesWith(BEAT);
  expect(learn({ a: 1, b: { c: 2 } })).toMatchObject({ envelope: undefined });
});

it('leaves to the envelope what values decide', () => {
  const line = { recognise: [{ has: ['log'] }], carries: 'log' };
  const pairs = { ...BEAT, pairs: [{ path: 'Data', name: 'n', value: 'v', clash: 'D_' }] };
  const valued = { ...BEAT, recognise: [{ where: { 'win.channel': 'Security' } }] };
  expect(movesWith(line).learn({ log: 'x' })).toBeUndefined();
  expect(movesWith(pairs).learn(RECORD)).toBeUndefined();
  expect(movesWith(valued).learn(RECORD)).toBeUndefined();
  expect(movesWith(valued).learn({ other: 1 })).toMatchObject({ envelope: undefined });
});

it('keeps names of any kind, and forgets layouts when there are too many', () => {
  const { envelopes, movesOf, learn } = movesWith(BEAT);
  const odd = JSON.parse('{"win":{"channel":1,"data":{"__proto__":2,"constructor":3}},"__proto__":{"x":4}}');
  const moves = learn(odd);
  expect(JSON.stringify(moves?.own())).toBe(JSON.stringify(envelopes[0]?.take(odd)));
  for (let index = 0; index < 30_000; index++) movesOf({ [`n${index}`]: 1 });
  expect(learn(RECORD)?.envelope).toBe(envelopes[0]);
  let deep: Fields = {};
  for (let depth = 0; depth < 40; depth++) deep = { deep };
  expect(learn(deep)).toBeUndefined();
});

it('keeps no values of a record that had more of them', () => {
  const { movesOf } = movesWith(BEAT);
  const left = heapLeft(() => {
    for (let more = 200; more > 0; more--) {
      const fields: Fields = Object.fromEntries(Array.from({ length: more }, (_, index) => [`n${index}`, 1]));
      movesOf({ ...fields, last: Buffer.alloc(200_000, 'x').toString('latin1') });
    }
    movesOf({ a: 1 });
  });
  expect(left).toBeLessThan(8);
  expect(movesOf({ a: 1 })).toBeUndefined();
});
