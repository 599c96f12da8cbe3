/** A pack gives back the rules and triggers it was made from; needs say what a rule cannot do without. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { SHIPPED_CONTENT } from '../../../platform/content.ts';
import { loadRules, prepareRules } from '../../../sigma/index.ts';
import { isMet, needOf } from './rule-needs.ts';
import { CHOSEN, packFromBytes, packRules, packToBytes, unpackDetections } from './rule-pack.ts';

const FOLDER = path.join(SHIPPED_CONTENT, 'rules');
const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yml'))
  .map((file) => ({ path: file, text: readFileSync(path.join(FOLDER, file), 'utf8') }));

describe('rule pack', () => {
  it('gives back what it was made from, through bytes', () => {
    const pack = packRules({ files, placeholders: undefined });
    const back = packFromBytes(Buffer.from(packToBytes(pack)));
    expect(back?.head).toEqual(pack.head);
    const detections = loadRules(files).rules.filter((rule) => rule.kind === 'detection');
    const chosen = new Uint8Array(detections.length).fill(CHOSEN.yes);
    const { packed } = back ?? pack;
    const unpacked = unpackDetections({ ...packed, chosen }).map((each) => ({ ...each }));
    expect(unpacked).toEqual(prepareRules(detections));
    chosen[0] = CHOSEN.no;
    chosen[1] = CHOSEN.mute;
    const some = unpackDetections({ ...packed, chosen });
    expect(some).toHaveLength(detections.length - 1);
    expect(some[0]?.rule).toEqual({ ...detections[1], generates: false });
  });

  it('knows rules again, and a changed one not', () => {
    const hashesOf = (texts: typeof files) =>
      packRules({ files: texts, placeholders: undefined }).head.briefs.map(({ hash }) => hash);
    const first = hashesOf(files);
    expect(hashesOf(files)).toEqual(first);
    const changed = files.map((file) => ({
      ...file,
      text: file.text.replaceAll('level: high', 'level: low'),
    }));
    expect(hashesOf(changed)).not.toEqual(first);
  });

  it('is nothing when the bytes are something else', () => {
    expect(packFromBytes(Buffer.from('no'))).toBeUndefined();
    expect(packFromBytes(Buffer.alloc(64, 7))).toBeUndefined();
  });
});

describe('needs', () => {
  const needs = (detection: string) => {
    const text = `title: t\nlogsource: {product: windows}\ndetection: ${detection}\n`;
    const [rule] = loadRules([{ path: 'r.yml', text }]).rules;
    if (rule?.kind !== 'detection') throw new Error('not a detection');
    return needOf(rule);
  };
  it.each([
    ['{s: {A: 1, B: 2}, condition: s}', { least: 2, of: ['A', 'B'] }],
    ['{s: {A: 1}, f: {B: 2}, condition: s and not f}', 'A'],
    ['{s: {A: 1}, k: [word], condition: s or k}', true],
    ['{s: {A: null, B: 1}, condition: s}', 'B'],
    ['{s: {A: 1}, t: {B: 2}, condition: 1 of them}', { least: 1, of: ['A', 'B'] }],
    ['{s: {A: 1}, t: {A: 2}, condition: s and t}', { least: 2, of: ['A', 'A'] }],
  ])('%s', (detection, expected) => {
    expect(needs(detection)).toEqual(expected);
  });

  it('are met by the fields that are there, and name those that are not', () => {
    const need = { least: 2, of: ['A', { least: 1, of: ['B', 'C'] }] };
    const absent = new Set<string>();
    expect(isMet(need, (field) => field !== 'B', absent)).toBe(true);
    expect(isMet(need, (field) => field === 'A', absent)).toBe(false);
    expect([...absent]).toEqual(['B', 'C']);
  });
});
