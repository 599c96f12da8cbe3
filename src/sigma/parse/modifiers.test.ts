import { describe, expect, it } from 'vitest';
import type { Search } from '../../model/sigma.ts';
import { MANY, ONE } from '../../model/sigma.ts';
import { parseField } from './field.ts';
import { parsePattern, renderPattern } from './pattern.ts';
import { createReport } from './report.ts';
import { readYaml } from './yaml.ts';

const placeholders = { servers: ['srv*', 'db1'], one: [7] };

function parse(key: string, value: unknown): Search | string[] {
  const [document] = readYaml('x: 1').documents;
  if (document === undefined) throw new Error('no document');
  const report = createReport('r.yml', document);
  const search = parseField(key, value, ['detection'], { report, placeholders });
  return search ?? report.refusals.map((issue) => issue.code);
}

/** The tests as short text. */
function tests(key: string, value: unknown): string[] {
  const search = parse(key, value);
  if (Array.isArray(search)) return [...search];
  if (!('tests' in search)) return [JSON.stringify(search)];
  const lead = `${search.quantifier}${'negated' in search && search.negated ? ' not' : ''}`;
  return [
    lead,
    ...search.tests.map((test) =>
      test.op === 'pattern'
        ? `${test.cased ? 'cased ' : ''}${renderPattern(test.pattern)}`
        : JSON.stringify(test),
    ),
  ];
}

describe('strings', () => {
  it.each([
    [String.raw`a\b`, [String.raw`a\b`]],
    [String.raw`a\\b`, [String.raw`a\b`]],
    [String.raw`a\*b`, ['a*b']],
    [String.raw`a\\*b`, ['a\\', MANY, 'b']],
    [String.raw`a\\\*b`, [String.raw`a\*b`]],
    [String.raw`a\\\b`, [String.raw`a\\b`]],
    [String.raw`a\\\\b`, [String.raw`a\\b`]],
    ['a?b*', ['a', ONE, 'b', MANY]],
    ['**', [MANY]],
    ['C:\\', ['C:\\']],
    ['', []],
  ])('%s', (text, pattern) => {
    expect(parsePattern(text)).toEqual(pattern);
    expect(parsePattern(renderPattern(parsePattern(text)))).toEqual(pattern);
  });
});

describe('modifiers', () => {
  it.each<[string, unknown, string[]]>([
    ['F', 'a*', ['any', 'a*']],
    ['F', 4625, ['any', '{"op":"number","value":4625}']],
    ['F', true, ['any', '{"op":"boolean","value":true}']],
    ['F', null, ['any', '{"op":"null"}']],
    ['F', '', ['any', '{"op":"empty"}']],
    ['F', ['a', 'b'], ['any', 'a', 'b']],
    ['F|contains', 'a\\', ['any', '*a\\\\*']],
    ['F|contains', 443, ['any', '*443*']],
    ['F|startswith', 'a', ['any', 'a*']],
    ['F|endswith', ['a', '*b'], ['any', '*a', '*b']],
    ['F|contains|all', ['a', 'b'], ['all', '*a*', '*b*']],
    ['F|cased', 'Ab', ['any', 'cased Ab']],
    ['F|neq', ['a', 'b'], ['any not', 'a', 'b']],
    ['F|re', '(?i)a.b', ['any', '{"op":"regex","source":"a.b","flags":"i"}']],
    ['F|re|i|s', 'a', ['any', '{"op":"regex","source":"a","flags":"is"}']],
    ['F|re|m', '^a', ['any', '{"op":"regex","source":"^a","flags":"m"}']],
    ['F|cidr', '10.1.2.3/8', ['any', '{"op":"cidr","network":"10.0.0.0","prefix":8}']],
    ['F|cidr', 'fe80::/10', ['any', '{"op":"cidr","network":"fe80::","prefix":10}']],
    ['F|gte', '1.5', ['any', '{"op":"compare","than":"gte","value":1.5}']],
    ['F|lt', 5, ['any', '{"op":"compare","than":"lt","value":5}']],
    ['F|exists', false, ['any', '{"op":"exists","value":false}']],
    ['F|hour', 3, ['any', '{"op":"time-part","part":"hour","value":3}']],
    ['F|hour|lt', 6, ['any', '{"op":"time-part","part":"hour","value":6,"than":"lt"}']],
    ['F|fieldref', 'G', ['any', '{"op":"fieldref","field":"G","mode":"equals","cased":false}']],
    ['F|fieldref|endswith', 'G', ['any', '{"op":"fieldref","field":"G","mode":"endswith","cased":false}']],
    ['F|fieldref|neq', 'G', ['any not', '{"op":"fieldref","field":"G","mode":"equals","cased":false}']],
    ['F|base64', 'foo', ['any', 'Zm9v']],
    ['F|base64offset|contains', 'foobar', ['any', '*Zm9vYmFy*', '*Zvb2Jhc*', '*mb29iYX*']],
    ['F|wide|base64', 'ab', ['any', 'YQBiAA==']],
    ['F|utf16|base64', 'a', ['any', '//5hAA==']],
    ['F|utf16be|base64', 'a', ['any', 'AGE=']],
    ['F|windash', 'x -a', ['any', 'x -a', 'x /a', 'x –a', 'x —a', 'x ―a']],
    ['F|windash', 'my-file', ['any', 'my-file']],
    ['F|expand', '%servers%', ['any', 'srv*', 'db1']],
    ['F|contains|expand', 'x%one%y', ['any', '*x7y*']],
    ['F|expand', String.raw`\%plain%one%`, ['any', '%plain7']],
    ['F', '%one%', ['any', '%one%']],
    ['|all', ['a', 'b'], ['all', 'a', 'b']],
    ['|re', 'a+', ['any', '{"op":"regex","source":"a+","flags":""}']],
  ])('%s: %j', (key, value, wanted) => expect(tests(key, value)).toEqual(wanted));

  it('under `all`, the variants of each value are alternatives', () => {
    expect(parse('F|windash|contains|all', [' -a', ' -b'])).toMatchObject({
      kind: 'and',
      items: [{ quantifier: 'any' }, { quantifier: 'any' }],
    });
  });

  it.each<[string, unknown, string]>([
    ['F|contians', 'a', 'SIGMA_UNKNOWN_MODIFIER'],
    ['F|contains|startswith', 'a', 'SIGMA_MODIFIER_CHAIN'],
    ['F|contains|contains', 'a', 'SIGMA_MODIFIER_CHAIN'],
    ['F|re|base64', 'a', 'SIGMA_MODIFIER_CHAIN'],
    ['F|cidr|contains', '10.0.0.0/8', 'SIGMA_MODIFIER_CHAIN'],
    ['F|exists|all', true, 'SIGMA_MODIFIER_CHAIN'],
    ['F|i', 'a', 'SIGMA_MODIFIER_CHAIN'],
    ['|exists', true, 'SIGMA_MODIFIER_CHAIN'],
    ['F|contains|base64', 'a', 'SIGMA_VALUE'],
    ['F|cidr', '10.0.0.0/33', 'SIGMA_VALUE'],
    ['F|cidr', '10.*', 'SIGMA_VALUE'],
    ['F|gt', 'many', 'SIGMA_VALUE'],
    ['F|hour', 24, 'SIGMA_VALUE'],
    ['F|exists', 'maybe', 'SIGMA_VALUE'],
    ['F|fieldref', 'a*', 'SIGMA_VALUE'],
    ['F|contains', null, 'SIGMA_VALUE'],
    ['F|re', 'a(', 'SIGMA_REGEX'],
    ['F|re', 'a++', 'SIGMA_REGEX'],
    ['F|re', '(?>a)b', 'SIGMA_REGEX'],
    ['F|re', '(?=a)b', 'SIGMA_REGEX'],
    ['F|expand', '%unknown%', 'SIGMA_PLACEHOLDER'],
    ['F', [], 'SIGMA_EMPTY'],
    ['F', [{ a: 1 }], 'SIGMA_WRONG_TYPE'],
    ['', '', 'SIGMA_VALUE'],
  ])('%s: %j is refused', (key, value, code) => expect(parse(key, value)).toEqual([code]));
});
