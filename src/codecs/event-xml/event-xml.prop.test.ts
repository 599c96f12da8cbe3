/** Any slicing of the bytes gives the same records; damaged XML never throws and stays bounded. */
import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeAll } from '../../../test/decode.ts';
import { decodeEventXml } from './codec.ts';
import { parseXml } from './parse.ts';

const EVENT =
  "<Event xmlns='x'><System><EventID>1</EventID></System><EventData><Data Name='é'>1 &lt; 2</Data></EventData></Event>";
const SAMPLES = [
  `<?xml version="1.0"?>\n<Events>\n${EVENT}\n  ${EVENT}</Events>\n`,
  `${EVENT}\n<Event><System><EventID>2</EventID>\n${EVENT}\nstray é\n<!-- <Event> --> ${EVENT}`,
  `<!DOCTYPE a [<!ENTITY b "]>"><!-- ' ]> -->]>\n<a><![CDATA[ ]] > <b> ]]><c d='>'/></a><a b="1"/>\n<a><a></a>\n</a>`,
  `<entries><entry a="1"><x/>t</entry>\n<entry/></entries>\ufeff<?xml?><AuditMessage><E f="g"/></AuditMessage>`,
  '<a><b></a>\n<!x <?pi > ?> </a>\n< 3 <Event\n<Event <Event> </Event>',
].flatMap((text) => [
  Buffer.from(text),
  Buffer.from(`\ufeff${text}`, 'utf16le'),
  Buffer.from(text, 'latin1'),
]);

const RUN = { seed: 42, numRuns: 400 };
const sample = fc.constantFrom(...SAMPLES);
const format = fc.constantFrom('xml', 'event-xml', undefined);
const limit = fc.constantFrom(16 * 1024 * 1024, 400, 60, 7);

test('any slicing of the bytes gives the same records and issues', () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(sample, cuts, format, limit, (bytes, sizes, chosen, maxRecordBytes) => {
      const options = chosen === undefined ? { maxRecordBytes } : { maxRecordBytes, format: chosen };
      // Behind more than the head that the encoding is guessed from, too.
      for (const lead of [Buffer.alloc(0), Buffer.concat(Array.from({ length: 60 }, () => bytes))]) {
        const input = Buffer.concat([lead, bytes]);
        expect(decodeAll(input, options, sizes)).toEqual(decodeAll(input, options));
      }
    }),
    { ...RUN, numRuns: 150 },
  );
});

test('mutated input never throws, and its records lie in the input, in order', () => {
  const pieces = fc.constantFrom(
    '<',
    '>',
    '</',
    '/>',
    '"',
    "'",
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '<Event>',
    '\0',
    '&#',
    '\n',
  );
  const mutation = fc.tuple(fc.nat(), pieces, fc.boolean());
  fc.assert(
    fc.property(sample, fc.array(mutation, { maxLength: 12 }), (bytes, mutations) => {
      let mutated = Buffer.from(bytes);
      for (const [place, piece, isCut] of mutations) {
        const at = place % (mutated.length + 1);
        mutated = Buffer.concat([
          mutated.subarray(0, at),
          Buffer.from(piece),
          mutated.subarray(isCut ? at + 5 : at),
        ]);
      }
      let last = 0;
      for (const { origin } of decodeAll(mutated, { format: 'xml' }).records) {
        expect(origin.offset).toBeGreaterThanOrEqual(last);
        last = origin.offset + (origin.length ?? 0);
      }
      expect(last).toBeLessThanOrEqual(mutated.length);
    }),
    RUN,
  );
});

test('any text is parsed without a throw, with its fault inside it', () => {
  const words = fc.array(
    fc.constantFrom(
      '<a',
      '<b>',
      '</a>',
      '</b>',
      '/>',
      '>',
      ' x="1"',
      " y='",
      '"',
      '&lt;',
      '&x;',
      '<!--',
      '-->',
      'é',
      '<!DOCTYPE',
      '[',
    ),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(
      fc.oneof(
        words.map((list) => list.join('')),
        fc.string(),
      ),
      (text) => {
        const { fault, faultAt } = parseXml(text, { maxDepth: 8 });
        if (fault !== undefined) expect(faultAt >= 0 && faultAt <= text.length).toBe(true);
        decodeEventXml(text);
      },
    ),
    { seed: 42, numRuns: 2000 },
  );
});

test('what is written as XML is read back', () => {
  const written = (text: string): string => text.replace(/[&<>'"]/g, (mark) => `&#${mark.charCodeAt(0)};`);
  const word = fc.string({ unit: 'grapheme-composite', minLength: 1, maxLength: 20 });
  const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{3,9}Q$/);
  fc.assert(
    fc.property(fc.dictionary(name, word, { minKeys: 1, maxKeys: 8 }), (values) => {
      const data = Object.entries(values).map(
        ([key, value]) => `<Data Name='${key}'>${written(value)}</Data>`,
      );
      const text = `<Event><System><EventID>5</EventID></System><EventData>${data.join('\n')}</EventData></Event>`;
      expect(decodeEventXml(text)).toEqual({ EventID: 5, ...values });
      expect(decodeAll(text).records[0]?.fields).toEqual({ EventID: 5, ...values });
    }),
    RUN,
  );
});
