/** Rules told again by their hash. Thousands, more than once: only then does V8 hold their lists in another way. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { corpusDir } from '../../../../test/corpus.ts';
import { packRules } from './rule-pack.ts';

const corpus = corpusDir();
const folder = path.join(corpus ?? '', 'sigma', 'rules');

describe.skipIf(corpus === undefined)('hashes of SigmaHQ', () => {
  it('are the same however often the rules are parsed', () => {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.yml'))
      .map((name) => ({ path: name, text: readFileSync(path.join(folder, name), 'utf8') }));
    const hashes = () => packRules({ files, placeholders: undefined }).head.briefs.map(({ hash }) => hash);
    const first = hashes();
    hashes();
    expect(hashes()).toEqual(first);
  }, 120_000);
});
