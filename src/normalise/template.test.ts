import { describe, expect, it } from 'vitest';
import { compileTemplate } from './template.ts';

function match(template: string, line: string): unknown {
  const matcher = compileTemplate(template);
  if (typeof matcher !== 'function') throw new Error(matcher.reason);
  return matcher(line);
}

describe('line templates', () => {
  it.each<[string, string, unknown]>([
    [
      'Accepted <method:word> for <user> from <ip:ip> port <port:int><*>',
      'Accepted publickey for a b from 10.1.2.3 port 22 ssh2',
      { method: 'publickey', user: 'a b', ip: '10.1.2.3', port: 22 },
    ],
    ['<a> from <b>', 'x from y from z', { a: 'x', b: 'y from z' }],
    ['<a>: end', 'one: two: end', { a: 'one: two' }],
    ['user <name><? (admin)> logged in', 'user bob (admin) logged in', { name: 'bob' }],
    ['user <name><? (admin)> logged in', 'user bob logged in', { name: 'bob' }],
    ['[<from:ip>]:<port:int>', '[2001:db8::7]:514', { from: '2001:db8::7', port: 514 }],
    ['from <from:ip>: <text:rest>', 'from 10.0.0.1: hello: you', { from: '10.0.0.1', text: 'hello: you' }],
    ['say <what:quoted> now', String.raw`say "a \"b\" c" now`, { what: 'a "b" c' }],
    ['a <<b>', 'a <b>', {}],
    ['a  b <c>', 'a b   x', { c: 'x' }],
    ['<n:int>', '-12', { n: -12 }],
    ['<n:int>', '99999999999999999999', { n: '99999999999999999999' }],
    ['whole', 'whole and more', undefined],
    ['<a:word> b', 'x y b', undefined],
    ['<__proto__> x', 'data x', JSON.parse('{"__proto__":"data"}')],
  ])('%s', (template, line, expected) => {
    expect(match(template, line)).toEqual(expected);
  });

  it('says why a template is none', () => {
    expect(compileTemplate('<a')).toHaveProperty('reason');
    expect(compileTemplate('<:int>')).toHaveProperty('reason');
    expect(compileTemplate('<a:float>')).toHaveProperty('reason');
  });

  it('takes bounded time on lines made to be slow', () => {
    const template = '<a> x <b> x <c> x <d> x <e> x <f> y';
    expect(match(template, ' x'.repeat(50_000))).toBeUndefined();
  });
});
