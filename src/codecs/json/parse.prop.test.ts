/** Exact integers found quickly are those a reviver that sees every number's source would keep. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJson } from './parse.ts';

const RUN = { seed: 42, numRuns: 3000 };

function keepExact(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && /^-?\d+$/.test(source) ? source : value;
}

function reference(text: string): unknown {
  try {
    return { ok: true, value: JSON.parse(text, keepExact) };
  } catch {
    return { ok: false, why: 'broken' };
  }
}

const digits = fc.oneof(
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
  fc.bigInt({ min: 2n ** 53n - 3n, max: 2n ** 53n + 3n }).map(String),
  fc.constantFrom('-9223372036854775808', '1234567890123456', '0012345678901234567', '1'.repeat(500)),
);
const number = fc.oneof(
  digits,
  digits.map((text) => `${text}.5`),
  digits.map((text) => `${text}e3`),
  digits.map((text) => `0.${text.replace('-', '')}`),
);
const space = fc.constantFrom('', '', '', ' ', '\t', '\n  ');
const words = fc
  .array(
    fc.constantFrom(':', '"', '\\', ',', '{', '}', '[', ']', 'K', ' ', '":', '9223372036854775809', '\\"'),
    {
      maxLength: 7,
    },
  )
  .map((parts) => JSON.stringify(parts.join('')));
const key = fc.oneof(
  fc.constantFrom('"K"', '"\\u004b"', '"__proto__"', '"toString"', '"a\\\\"', '"a\\""'),
  words,
);

const { object, array } = fc.letrec<{ value: string; object: string; array: string }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, number, words, fc.constant('null'), tie('object'), tie('array')),
  // Of a key that comes twice the reviver is not given the source.
  object: fc
    .uniqueArray(fc.tuple(key, space, space, tie('value'), space), {
      maxLength: 5,
      selector: ([name]) => JSON.parse(name),
    })
    .map((members) => `{${members.map(([name, a, b, text, c]) => `${name}${a}:${b}${text}${c}`).join(',')}}`),
  array: fc
    .array(
      fc.tuple(space, tie('value'), space).map((parts) => parts.join('')),
      { maxLength: 4 },
    )
    .map((elements) => `[${elements.join(',')}]`),
}));

const document = fc.oneof(object, array);

test('whatever the document', () => {
  fc.assert(
    fc.property(document, (text) => {
      expect(parseJson(text, 1000)).toEqual(reference(text));
    }),
    RUN,
  );
});

test('whatever is cut out of it', () => {
  fc.assert(
    fc.property(document, fc.nat(), fc.nat({ max: 3 }), (text, place, length) => {
      const at = place % (text.length + 1);
      const cut = text.slice(0, at) + text.slice(at + length);
      expect(parseJson(cut, 1000)).toEqual(reference(cut));
    }),
    RUN,
  );
});

test('wherever in a flat Windows event the digits stand', () => {
  fc.assert(
    fc.property(fc.nat({ max: 40 }), digits, fc.boolean(), (padding, text, isLast) => {
      const document = `{"Message":"${'x'.repeat(padding)}","Keywords":${text}${isLast ? '' : ',"Id":4688'}}`;
      expect(parseJson(document, 64)).toEqual(reference(document));
    }),
    RUN,
  );
});
