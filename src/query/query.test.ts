/** The search language by examples: what people type, and the query it means; and what wrong searches are told. */
import { describe, expect, it } from 'vitest';
import { renderIssue } from '../model/issue.ts';
import { parseQuery, printQuery } from './index.ts';

const MANY = { wild: 'many' };
const is = (field: string, ...pattern: unknown[]) => ({ kind: 'field', field, test: { op: 'is', pattern } });
const text = (...pattern: unknown[]) => ({ kind: 'text', pattern });
const and = (...items: unknown[]) => ({ kind: 'and', items });
const or = (...items: unknown[]) => ({ kind: 'or', items });
const not = (item: unknown) => ({ kind: 'not', item });
const range = (field: string, test: object) => ({ kind: 'field', field, test: { op: 'range', ...test } });
const bound = (value: string, isInclusive: boolean) => ({ value, isInclusive });

const MEANINGS: readonly [string, unknown][] = [
  ['', { kind: 'all' }],
  ['*', { kind: 'all' }],
  [
    'user.name:dupont and event.outcome:failure',
    and(is('user.name', 'dupont'), is('event.outcome', 'failure')),
  ],
  ['user.name:dupont AND NOT event.code:4624', and(is('user.name', 'dupont'), not(is('event.code', '4624')))],
  ['a:1 or b:2 and c:3', or(is('a', '1'), and(is('b', '2'), is('c', '3')))],
  ['(a:1 || b:2) && !c:3', and(or(is('a', '1'), is('b', '2')), not(is('c', '3')))],
  ['event.code:(4624 or 4625)', or(is('event.code', '4624'), is('event.code', '4625'))],
  ['event.code:(not 4624)', not(is('event.code', '4624'))],
  ['mimikatz', text('mimikatz')],
  ['"failed password" root', and(text('failed password'), text('root'))],
  ['-user.name:x', not(is('user.name', 'x'))],
  ['rare-term', text('rare-term')],
  ['C:\\Temp\\x.exe', text('C:\\Temp\\x.exe')],
  ['ab:\\Temp', is('ab', '\\Temp')],
  [
    'source.ip:10.0.0.0/8',
    { kind: 'field', field: 'source.ip', test: { op: 'cidr', network: '10.0.0.0', prefix: 8 } },
  ],
  ['source.ip:fe80::1', is('source.ip', 'fe80::1')],
  ['url.full:https://x.example/a?b', is('url.full', 'https://x.example/a', { wild: 'one' }, 'b')],
  ['process.executable:C:\\Windows\\System32\\*', is('process.executable', 'C:\\Windows\\System32*')],
  ['process.executable:*\\\\cmd.exe', is('process.executable', MANY, '\\cmd.exe')],
  ['file.path:"C:\\Users\\x"', is('file.path', 'C:\\Users\\x')],
  ['a:"say \\"no\\""', is('a', 'say "no"')],
  ['a:"*"', is('a', '*')],
  ['host.name:*', { kind: 'field', field: 'host.name', test: { op: 'exists' } }],
  ['a > 5', range('a', { from: bound('5', false) })],
  ['a:<=5', range('a', { to: bound('5', true) })],
  ['a:[1 TO 5}', range('a', { from: bound('1', true), to: bound('5', false) })],
  ['a:[* TO 5]', range('a', { to: bound('5', true) })],
  ['@timestamp >= "2026-11-26T01:00"', range('@timestamp', { from: bound('2026-11-26T01:00', true) })],
  ['@timestamp:>now-24h', range('@timestamp', { from: bound('now-24h', false) })],
  ['and:x', is('and', 'x')],
  ['a:and', is('a', 'and')],
];

describe('parseQuery', () => {
  it.each(MEANINGS)('%s', (search, meaning) => {
    expect(parseQuery(search)).toEqual({ value: meaning, issues: [] });
  });

  it.each(MEANINGS)('reads what it printed of: %s', (search) => {
    const query = parseQuery(search).value;
    if (query === undefined) throw new Error('does not parse');
    expect(parseQuery(printQuery(query)).value).toEqual(query);
  });

  it.each([
    ['a:', 3, 'expected a value of a, found ⏎'],
    ['(a:1 or b:2', 1, '( is opened here and never closed'],
    ['a:1)', 4, 'expected the end or another condition, found )'],
    ['"never', 1, '" is opened here and never closed'],
    ['a:[1 5]', 6, 'expected TO, found 5'],
    ['a:10.0.0.0/99', 3, '10.0.0.0/99 is not a network such as 10.0.0.0/8; quote it to look for it as text'],
    ['a > )', 5, 'expected a number, a time or a text, found )'],
  ])('says where %s goes wrong', (search, column, sentence) => {
    const { value, issues } = parseQuery(search);
    expect(value).toBeUndefined();
    expect(issues[0]?.place.column).toBe(column);
    expect(issues.map((issue) => renderIssue(issue, 'en'))).toEqual([sentence]);
  });

  it('stops at its limits instead of at the stack', () => {
    const deep = parseQuery(`${'('.repeat(4_000)}a${')'.repeat(4_000)}`);
    expect(deep.issues[0]?.code).toBe('QUERY_LIMIT');
    expect(parseQuery('not '.repeat(2_000)).issues[0]?.code).toBe('QUERY_LIMIT');
    expect(parseQuery('a'.repeat(9_000)).issues[0]?.code).toBe('QUERY_LIMIT');
  });
});
