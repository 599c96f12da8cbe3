/**
 * The house rules of ARCHITECTURE.md, executed: who may import whom, no value-import cycles, singletons, pure engines,
 * sizes under a ratchet that may only fall. Each rule is also shown to fail on a house that breaks it.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, readHouse, type SourceFile } from './house.ts';
import {
  brokenDoors,
  brokenImports,
  brokenPurity,
  brokenSingletons,
  overSize,
  valueCycles,
} from './house-rules.ts';

const house = readHouse();

/** A house of one file, to show that a rule can fail. */
function toy(file: string, text: string, imports: SourceFile['imports'] = []): SourceFile[] {
  return [{ path: file, text, lines: text.split('\n').length, imports, functions: [] }];
}

describe('walls', () => {
  it('has no import that a layer may not make', () => {
    expect(brokenImports(house)).toEqual([]);
  });
  it('would see one', () => {
    expect(
      brokenImports(toy('src/lib/a.ts', '', [{ to: 'src/model/event.ts', isType: false }])),
    ).toHaveLength(1);
    expect(
      brokenImports(toy('src/sigma/a.ts', '', [{ to: 'src/codecs/index.ts', isType: false }])),
    ).toHaveLength(1);
    expect(
      brokenImports(
        toy('src/areas/respond/a.ts', '', [{ to: 'src/areas/anticipate/index.ts', isType: false }]),
      ),
    ).toHaveLength(1);
  });
  it('enters engines and areas through their door', () => {
    expect(brokenDoors(house)).toEqual([]);
    expect(
      brokenDoors(toy('src/cli/a.ts', '', [{ to: 'src/sigma/match/compile.ts', isType: false }])),
    ).toHaveLength(1);
    const ofPart = { to: 'src/areas/anticipate/hunt/index.ts', isType: false };
    expect(brokenDoors(toy('src/cli/a.ts', '', [ofPart]))).toEqual([]);
    const tooDeep = { to: 'src/areas/anticipate/hunt/deep/index.ts', isType: false };
    expect(brokenDoors(toy('src/cli/a.ts', '', [tooDeep]))).toHaveLength(1);
  });
  it('has no cycle of value imports', () => {
    expect(valueCycles(house)).toEqual([]);
    const a = toy('src/lib/a.ts', '', [{ to: 'src/lib/b.ts', isType: false }]);
    const b = toy('src/lib/b.ts', '', [{ to: 'src/lib/a.ts', isType: false }]);
    expect(valueCycles([...a, ...b])).toHaveLength(1);
  });
});

describe('purity and singletons', () => {
  it('keeps engines free of I/O, clocks and chance', () => {
    expect(brokenPurity(house)).toEqual([]);
    expect(brokenPurity(toy('src/sigma/a.ts', 'const now = Date.now();'))).toHaveLength(1);
    expect(brokenPurity(toy('src/codecs/a.ts', '', [{ to: 'node:fs', isType: false }]))).toHaveLength(1);
  });
  it('reads the environment, the clock and the network in one place each', () => {
    expect(brokenSingletons(house)).toEqual([]);
    expect(brokenSingletons(toy('src/cli/a.ts', 'process.env.HOME'))).toHaveLength(1);
    expect(brokenSingletons(toy('src/areas/train/a.ts', 'await fetch(url)'))).toHaveLength(1);
    expect(brokenSingletons(toy('src/cli/a.ts', 'new Date()'))).toHaveLength(1);
  });
});

describe('sizes', () => {
  it('keeps files, functions and parameter lists small; the ratchet may only fall', () => {
    const ratchet = JSON.parse(readFileSync(path.join(ROOT, 'test/ratchet.json'), 'utf8')) as Record<
      string,
      number
    >;
    const over = overSize(house);
    const worse = Object.entries(over).filter(([what, size]) => size > (ratchet[what] ?? 0));
    const stale = Object.keys(ratchet).filter((what) => (over[what] ?? 0) < (ratchet[what] ?? 0));
    expect(worse, 'over budget: split it').toEqual([]);
    expect(stale, 'lower these in test/ratchet.json').toEqual([]);
  });
});

describe('the house', () => {
  it('says at the top of every file what it is for', () => {
    const silent = house.filter((file) => !/^(#!.*\n)?\/\*\*/.test(file.text)).map((file) => file.path);
    expect(silent).toEqual([]);
  });
  it('keeps content free of code', () => {
    const code = readdirSync(path.join(ROOT, 'content'), { recursive: true, encoding: 'utf8' }).filter(
      (file) => /\.(ts|js|mjs|cjs|py|sh|wasm|node)$/.test(file),
    );
    expect(code).toEqual([]);
  });
  it('names every invariant test it promises', () => {
    const text = readFileSync(path.join(ROOT, 'ARCHITECTURE.md'), 'utf8');
    const tests = [...text.matchAll(/`((?:src|test)\/[\w./-]+\.test\.ts)`/g)].map((match) => match[1] ?? '');
    expect(tests.length).toBeGreaterThan(5);
    expect(tests.filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
  });
});
