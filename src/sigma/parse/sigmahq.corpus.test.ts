import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { corpusDir } from '../../../test/corpus.ts';
import { loadRules, type RuleFile } from './load-rules.ts';
import { placeholderNames } from './placeholder.ts';

const corpus = corpusDir();

function filesOf(...folders: string[]): RuleFile[] {
  return folders.flatMap((folder) =>
    readdirSync(path.join(corpus ?? '', 'sigma', folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.yml'))
      .map((name) => path.join(corpus ?? '', 'sigma', folder, name))
      .map((file) => ({ path: file, text: readFileSync(file, 'utf8') })),
  );
}

describe.skipIf(corpus === undefined)('SigmaHQ', () => {
  it('of 3,754 rules (main, emerging, hunting) all load but two, which need site values', () => {
    const set = loadRules(filesOf('rules', 'rules-emerging-threats', 'rules-threat-hunting'));
    expect([set.rules.length, set.refused.length]).toEqual([3752, 2]);
    expect(new Set(set.issues.map((issue) => issue.code))).toEqual(new Set(['SIGMA_PLACEHOLDER']));
  });

  it('all 3,780 load when the placeholders are given', () => {
    const files = filesOf(
      'rules',
      'rules-emerging-threats',
      'rules-threat-hunting',
      'rules-compliance',
      'rules-placeholder',
    );
    const names = new Set(files.flatMap((file) => placeholderNames(file.text)));
    const placeholders = Object.fromEntries([...names].map((name) => [name, ['10.0.0.1', 'srv*']]));
    const set = loadRules(files, { placeholders });
    expect(set.refused).toEqual([]);
    expect(set.rules).toHaveLength(3780);
  });
});
