import { describe, expect, it } from 'vitest';
import { EMPTY_SLOT } from './subject.ts';
import { createValueMemories, type ValueMemory } from './value-memory.ts';

const KNOWN = { value: EMPTY_SLOT, ids: [7] };

/** Asks as the matcher does; true when the value was known. */
function meet(memory: ValueMemory, leaf: string | number): boolean {
  if (memory.get(leaf) !== undefined) return true;
  if (memory.wants(leaf)) memory.put(leaf, KNOWN);
  return false;
}

function hitsOf(memory: ValueMemory, count: number, leafOf: (index: number) => string | number): number {
  return Array.from({ length: count }, (_, index) => meet(memory, leafOf(index))).filter(Boolean).length;
}

describe('values that come again', () => {
  it('are known, numbers apart from texts', () => {
    const memory = createValueMemories()();
    memory.put(4625, KNOWN);
    expect(memory.get(4625)).toBe(KNOWN);
    expect(memory.get('4625')).toBeUndefined();
  });

  it('are no longer kept where they seldom come again, and tried anew later', () => {
    const memory = createValueMemories()();
    expect(hitsOf(memory, 256, (index) => `id-${index}`)).toBe(0);
    expect(memory.wants('id-0')).toBe(false);
    expect(hitsOf(memory, 16_384, () => 'same')).toBe(0);
    // The last of these was the first to be kept.
    expect(hitsOf(memory, 10, () => 'same')).toBe(10);
  });

  it('are forgotten, not kept without bound: of one slot, and of all together', () => {
    const create = createValueMemories();
    const one = create();
    for (let index = 0; index <= 1_024; index++) one.put(index, KNOWN);
    expect(one.get(0)).toBeUndefined();
    expect(one.get(1_024)).toBe(KNOWN);
    const many = Array.from({ length: 20 }, create);
    for (const memory of many) for (let index = 0; index < 1_000; index++) memory.put(index, KNOWN);
    expect(one.get(1_024)).toBeUndefined();
    expect(many[0]?.get(0)).toBeUndefined();
    expect(many[19]?.get(999)).toBe(KNOWN);
  });

  it('leaves long texts alone', () => {
    expect(createValueMemories()().wants('x'.repeat(129))).toBe(false);
  });
});
