import { describe, expect, it } from 'vitest';
import { compileMapping, fieldsOf } from './mapping.ts';

const AGENTS = {
  agent: [
    { requestor: false, who: { reference: 'Device/dpi' } },
    { requestor: true, who: { display: 'm.durand' } },
    { requestor: true, who: { reference: 'Practitioner/second' } },
  ],
};

describe('a mapping with `of`', () => {
  it('reads in the first element that fits', () => {
    const map = compileMapping({
      of: 'agent',
      where: { requestor: true },
      first: ['who.reference', 'who.display'],
    });
    expect(map(AGENTS)).toBe('m.durand');
  });

  it('takes a lone object for a list of one', () => {
    const map = compileMapping({ of: 'agent', where: { requestor: true }, field: 'name' });
    expect(map({ agent: { requestor: true, name: 'x' } })).toBe('x');
    expect(map({ agent: { requestor: false, name: 'x' } })).toBeUndefined();
  });

  it.each([[{}], [{ agent: 'text' }], [{ agent: null }], [{ agent: [] }], [{ agent: [1, null, 'x'] }]])(
    'has no value in %j',
    (fields) => {
      expect(compileMapping({ of: 'agent', field: 'who' })(fields)).toBeUndefined();
    },
  );

  it('says which own name it reads', () => {
    expect(fieldsOf({ of: 'agent', first: ['a', 'b'] })).toEqual(['agent']);
  });
});

describe('a mapping as JSON text', () => {
  const map = compileMapping({ field: 'p', as: 'json' });

  it('writes objects and lists compactly', () => {
    expect(map({ p: [{ Name: 'ForwardTo', Value: 1n }] })).toBe('[{"Name":"ForwardTo","Value":"1"}]');
  });

  it('keeps text as it is', () => {
    expect(map({ p: '{"a": 1}' })).toBe('{"a": 1}');
    expect(map({ p: null })).toBeUndefined();
  });
});
