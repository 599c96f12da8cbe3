import { Buffer } from 'node:buffer';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { parseXml } from './parse.ts';
import { recordOf } from './tree.ts';

function fieldsOf(text: string): unknown {
  return recordOf(parseXml(text, { maxDepth: 8 }))?.fields;
}

it('names the field of an attribute after it, whatever came before', () => {
  const long = 'n'.repeat(100);
  for (let time = 0; time < 2; time++)
    expect(fieldsOf(`<a b="1" ${long}="2"><c b="3"/></a>`)).toEqual({
      a: { '@b': '1', [`@${long}`]: '2', c: { '@b': '3' } },
    });
});

it('keeps nothing of a document but short names', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const heapMib = (): number => {
    collect();
    return process.memoryUsage().heapUsed / 2 ** 20;
  };
  const before = heapMib();
  for (let index = 0; index < 200; index++) {
    const text = `<a attribute-of-document-${index}="1"><b>${'x'.repeat(200_000)}</b><c/></a>`;
    fieldsOf(Buffer.from(text).toString());
  }
  expect(heapMib() - before).toBeLessThan(8);
});
