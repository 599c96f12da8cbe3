import { expect, it } from 'vitest';
import { letGo, letGoIfAlone } from './let-go.ts';

const LARGE = 64 * 1024;

it('gives back the memory that bytes are in', () => {
  const bytes = new Uint8Array(new ArrayBuffer(10), 2, 3);
  letGo(bytes);
  expect([bytes.length, bytes.buffer.byteLength]).toEqual([0, 0]);
  letGo(bytes);
});

it('leaves alone what others may use', () => {
  const part = new Uint8Array(new ArrayBuffer(LARGE + 1), 0, LARGE);
  const small = Buffer.from('from the pool');
  const shared = new Uint8Array(new SharedArrayBuffer(LARGE));
  for (const bytes of [part, small, shared]) {
    const { length } = bytes;
    letGoIfAlone(bytes);
    expect(bytes.length).toBe(length);
  }
  const alone = new Uint8Array(LARGE);
  letGoIfAlone(alone);
  expect(alone.length).toBe(0);
});
