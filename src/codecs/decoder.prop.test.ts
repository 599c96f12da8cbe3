/** Any slicing gives the same records; damaged input never throws and loses no line. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeAll } from '../../test/decode.ts';

const SAMPLES = [
  '{"a":1,"b":"é"}\n{"a":{"c":[1,2,{"d":"x\\"y"}]}}\n{"a":"broken\n{"a":3}\n',
  '[{"a":1},{"a":"]},{"},\n{"b":[{}]},{"c":{"d":[[{"e":1}]]}}]\n',
  '{\n  "a": {"b": 1\n}\n{\n  "a": 2\n}\n',
  '{"Records":[{"a":1},{"b":2}],"x":1}',
  '<38>Jan  2 03:04:05 gw1 sshd[12]: Accepted\n<34>1 2024-01-02T03:04:05Z h a - - [x y="z"] m\n',
  'CEF:0|A|B|1|2|N|3|src=1 msg=a b\\=c\nLEEF:2.0|A|B|1|2|^|a=1^b=2\na=1 b="x y" c=3 d=4\n',
  'time,user,note\n1,ann,"a ""b"",\nc"\n2,bob,x\n',
  '#separator \\x09\n#fields\ta\tb\n#types\tcount\tset[string]\n1\tx,y\n2\t-\n',
  '#Fields: date c-ip\n2024-01-02 10.0.0.1\n',
  '10.0.0.1 - - [10/Oct/2023:13:55:36 +0200] "GET / HTTP/1.1" 200 12 "-" "x"\n',
  'type=CWD msg=audit(1.5:2): cwd="/" cmd=6C73\n',
  'plain\r\ntext\r\n\r\nend',
  'old\rmac\rlines',
].flatMap((text) => [Buffer.from(text), Buffer.from(text, 'utf16le'), Buffer.from(text, 'latin1')]);

const RUN = { seed: 42, numRuns: 300 };
const sample = fc.constantFrom(...SAMPLES);

test('any slicing of the bytes gives the same records and issues', () => {
  fc.assert(
    fc.property(
      sample,
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 9 }),
      (bytes, cuts) => {
        expect(decodeAll(bytes, {}, cuts)).toEqual(decodeAll(bytes));
      },
    ),
    RUN,
  );
});

test('the same with the format known beforehand', () => {
  fc.assert(
    fc.property(sample, fc.integer({ min: 1, max: 7 }), fc.boolean(), (bytes, cut, isDocuments) => {
      const detected = {
        format: 'json',
        confidence: 1,
        encoding: 'utf-8',
        lineEnd: 10,
        isDocuments,
      } as const;
      expect(decodeAll(bytes, { detected }, [cut])).toEqual(decodeAll(bytes, { detected }));
    }),
    RUN,
  );
});

test('mutated input never throws, and short records stay short', () => {
  const mutation = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }), fc.constantFrom('set', 'cut', 'add'));
  fc.assert(
    fc.property(sample, fc.array(mutation, { maxLength: 12 }), (bytes, mutations) => {
      let mutated = Buffer.from(bytes);
      for (const [place, byte, kind] of mutations) {
        const at = place % (mutated.length + 1);
        const tail = mutated.subarray(kind === 'add' ? at : at + 1);
        mutated = Buffer.concat([
          mutated.subarray(0, at),
          kind === 'cut' ? Buffer.alloc(0) : Buffer.of(byte),
          tail,
        ]);
      }
      const { records, issues } = decodeAll(mutated);
      expect(records.length + issues.length).toBeLessThanOrEqual(mutated.length + 10);
    }),
    RUN,
  );
});

test('no text line is lost', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme-ascii', minLength: 1 })), (lines) => {
      const { records } = decodeAll(lines.join('\n'), { format: 'text' });
      expect(records.map((record) => record.text)).toEqual(lines.filter((line) => line.trim() !== ''));
    }),
    RUN,
  );
});
