import { describe, expect, it } from 'vitest';
import type { EcsMapping } from '../model/content/source.ts';
import { readPairs } from './kv.ts';
import { compileMapping } from './mapping.ts';
import { extension, urlHost, urlPath, urlQuery } from './url.ts';

const FIELDS = {
  User: 'CHU\\jdupont',
  Mail: 'jdupont@chu.example',
  Path: 'C:\\Windows\\cmd.exe',
  Ip: '::ffff:10.1.2.3',
  Bad: '999.1.2.3',
  Pid: '0x1730',
  Empty: '-',
  Hashes: 'SHA1=AB,MD5=CD,SHA256=EF',
  List: ['a', 1, null],
  Big: 12345678901234567890n,
  Host: '\\\\SRV-01.',
  a0: 'ls',
  a1: '-l',
};

describe('mappings', () => {
  it.each<[EcsMapping, unknown]>([
    ['User', 'CHU\\jdupont'],
    ['Empty', undefined],
    ['Nothing', undefined],
    ['Big', '12345678901234567890'],
    ['List', ['a', '1']],
    [{ field: 'User', as: 'user' }, 'jdupont'],
    [{ field: 'User', as: 'domain' }, 'CHU'],
    [{ field: 'Mail', as: 'domain' }, 'chu.example'],
    [{ field: 'Path', as: 'basename' }, 'cmd.exe'],
    [{ field: 'Path', as: 'extension' }, 'exe'],
    [{ field: 'Ip', as: 'ip' }, '10.1.2.3'],
    [{ field: 'Bad', as: 'ip' }, undefined],
    [{ field: 'Pid', as: 'long' }, 5936],
    [{ field: 'Pid', as: 'hex' }, 5936],
    [{ field: 'Host', as: 'host' }, 'srv-01'],
    [{ field: 'Hashes', key: 'MD5', as: 'lower' }, 'cd'],
    [{ field: 'Hashes', key: 'IMPHASH' }, undefined],
    [{ first: ['Nothing', 'Empty', 'Mail'] }, 'jdupont@chu.example'],
    [{ template: '{Mail}:{Pid}' }, 'jdupont@chu.example:0x1730'],
    [{ template: '{Mail}:{Empty}' }, undefined],
    [{ numbered: 'a' }, 'ls -l'],
    [{ field: 'List', as: 'join' }, 'a 1'],
    [{ field: 'User', table: { 'chu\\jdupont': 'yes' } }, 'yes'],
    [{ field: 'User', table: { other: 'yes' }, default: 'no' }, 'no'],
    [{ value: ['x', 'y'] }, ['x', 'y']],
  ])('%j', (mapping, expected) => {
    expect(compileMapping(mapping)(FIELDS)).toEqual(expected);
  });
});

describe('parts of URLs', () => {
  it.each([
    ['https://u@Ex.Example:8443/a/b.PHP?q=1#f', 'ex.example', '/a/b.PHP', 'q=1', 'php'],
    ['ex.example:443', 'ex.example', undefined, undefined, undefined],
    ['/a/b?x=/c.d', undefined, '/a/b', 'x=/c.d', undefined],
    ['http://[2001:db8::7]/x', '2001:db8::7', '/x', undefined, undefined],
  ])('%s', (url, host, path, query, ext) => {
    expect([urlHost(url), urlPath(url), urlQuery(url), extension(url)]).toEqual([host, path, query, ext]);
  });
});

it('reads pairs with quotes, blanks and separators', () => {
  expect(readPairs('a=1 b="two words" name=John Doe id=7; c=, d=x=y')).toEqual({
    a: '1',
    b: 'two words',
    name: 'John Doe',
    id: '7',
    c: '',
    d: 'x=y',
  });
});
