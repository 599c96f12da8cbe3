import { describe, expect, it } from 'vitest';
import { hasWholeWords } from './whole-words.ts';

describe('a search for whole words', () => {
  it.each([
    ['mimikatz', true],
    ['user.name:bob and not ("two words" or x*)', true],
    ['*mimi*', false],
    ['user.name:bob', false],
    ['(', false],
    ['', false],
  ])('%s: %s', (text, expected) => {
    expect(hasWholeWords(text)).toBe(expected);
  });
});
