import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { spanOf } from '../match/scanner.ts';
import { createByteMemory } from './byte-memory.ts';
import { decodeText } from './unescape.ts';

/** A memory that counts the texts it had to make. */
function counting() {
  let made = 0;
  const memory = createByteMemory((bytes, start, end) => {
    made += 1;
    return decodeText(bytes, start, end);
  });
  const read = (json: string): string | undefined => {
    const bytes = Buffer.from(json);
    return memory.get(spanOf(bytes), 1, bytes.length - 1);
  };
  return { read, made: () => made };
}

describe('values that come again', () => {
  it('are made once, whatever their length and spelling', () => {
    const { read, made } = counting();
    for (const text of ['', '1', '13', 'abc', 'WS-12.chu.example', 'CHU\\m.durand', 'é\n"']) {
      expect(read(JSON.stringify(text))).toBe(text);
      const before = made();
      expect(read(JSON.stringify(text))).toBe(text);
      expect(made()).toBe(before);
    }
  });

  it('are never taken for one another', () => {
    const { read } = counting();
    for (let round = 0; round < 3; round += 1) {
      for (let n = 0; n < 300; n += 1) {
        const text = `host-${n % 17}${'x'.repeat(n % 5)}${n % 3}.chu`;
        expect(read(JSON.stringify(text))).toBe(text);
      }
    }
  });

  it('are no longer kept where they seldom come again, and tried anew later', () => {
    const { read, made } = counting();
    for (let n = 0; n <= 512; n += 1) read(`"id-${n}"`);
    const before = made();
    for (let n = 0; n < 100; n += 1) expect(read('"same"')).toBe('same');
    expect(made()).toBe(before + 100);
    for (let n = 0; n < 16_384; n += 1) read('"same"');
    const rested = made();
    for (let n = 0; n < 100; n += 1) expect(read('"same"')).toBe('same');
    expect(made()).toBe(rested);
  });

  it('are undefined when they are not JSON', () => {
    const { read } = counting();
    expect(read('"\\x"')).toBeUndefined();
    expect(read('"a\nb"')).toBeUndefined();
  });
});
