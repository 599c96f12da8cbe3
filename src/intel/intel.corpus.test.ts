/**
 * Real data: every MISP warning list read and indexed, ATT&CK's STIX read without a complaint, and ordinary Zeek traffic
 * matched against the worst possible "threat list" (the most visited sites), which warning lists must mark.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { corpusDir } from '../../test/corpus.ts';
import type { WarningList } from '../model/content/warning-list.ts';
import type { Event } from '../model/event.ts';
import { createIntelIndexBuilder, openIntelIndex } from './match/intel-index.ts';
import { createIntelMatcher } from './match/matcher.ts';
import { readIntel } from './readers/detect.ts';
import { createIntelSink, type Published } from './readers/sink.ts';
import { readMispWarningList } from './readers/warning-list.ts';

const corpus = corpusDir();
const LIST = { id: 'top', version: '1', title: { en: 'Top', fr: 'Top' }, level: 'medium' as const };
/** Lists of popular names: what a careless publisher would list. */
const POPULAR = ['tranco10k', 'cisco_top1000'];

function warningLists(root: string, skip: readonly string[] = []): WarningList[] {
  const sink = createIntelSink({ listId: 'x', confidence: 0, tags: [] }, () => undefined);
  const folder = path.join(root, 'warninglists/lists');
  const lists = readdirSync(folder).flatMap((name) => {
    const list = readMispWarningList(readFileSync(path.join(folder, name, 'list.json'), 'utf8'), name, sink);
    return list === undefined || skip.includes(name) ? [] : [list];
  });
  expect(sink.reading.issues).toEqual([]);
  return lists;
}

function queriesOf(root: string): string[] {
  const text = gunzipSync(readFileSync(path.join(root, 'zeek_zed/zeek-json/dns.json.gz'))).toString('utf8');
  return text.split('\n').flatMap((line) => {
    const { query } = line === '' ? {} : (JSON.parse(line) as { query?: string });
    return query === undefined ? [] : [query];
  });
}

function dnsEvent(query: string): Event {
  const kind = { sourceId: 'zeek-dns', sourceVersion: 1, bindings: [], ecsNames: ['dns.question.name'] };
  return {
    kind,
    time: undefined,
    ecs: { 'dns.question.name': query },
    fields: {},
    origin: { path: '-', offset: 0 },
    format: 'json',
  };
}

describe.skipIf(corpus === undefined)('real data', () => {
  const root = corpus ?? '';
  it('MISP warning lists load, and nearly all of their values can be used', () => {
    const lists = warningLists(root);
    const values = lists.reduce((sum, list) => sum + list.values.length, 0);
    const { bytes, issues } = createIntelIndexBuilder({ lists: [], warnings: lists, seed: 1 }).finish();
    process.stdout.write(
      `${lists.length} warning lists, ${values} values, ${issues.length} unusable, ${(bytes / 1e6).toFixed(1)} MB\n`,
    );
    expect(lists.length).toBeGreaterThan(130);
    expect(issues.length / values).toBeLessThan(0.01);
  });

  it('ATT&CK in STIX holds no indicator and makes no complaint', () => {
    const sink = createIntelSink({ listId: 'x', confidence: 0, tags: [] }, () => undefined);
    const folder = path.join(root, 'attack_stix');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.json'),
    );
    for (const file of files) readIntel('stix', readFileSync(path.join(folder, file), 'utf8'), file, sink);
    expect(sink.reading).toMatchObject({ indicators: 0, issueCount: 0 });
  });

  it('ordinary DNS against a list of popular names: every hit is marked by other lists of popular names, or counted', () => {
    const taken: Published[] = [];
    const sink = createIntelSink({ listId: 'top', confidence: 50, tags: [] }, (one) => void taken.push(one));
    for (const list of warningLists(root).filter(({ id }) =>
      POPULAR.some((name) => id === `misp-${name.replace('_', '-')}`),
    )) {
      readIntel('lines', list.values.join('\n'), list.id, sink);
    }
    const builder = createIntelIndexBuilder({
      lists: [LIST],
      warnings: warningLists(root, POPULAR),
      seed: 1,
    });
    for (const { indicator } of taken) builder.add(indicator);
    const { match } = createIntelMatcher(openIntelIndex(builder.finish().buffers));
    const queries = queriesOf(root);
    const hits = queries.map((query) => match(dnsEvent(query))).filter((found) => found.length > 0);
    const marked = hits.filter((found) => found.every(({ warning }) => warning !== undefined));
    process.stdout.write(
      `${queries.length} queries, ${taken.length} popular names listed: ${hits.length} hits, ${marked.length} of them marked\n`,
    );
    expect(hits.length).toBeGreaterThan(0);
    expect(marked.length / hits.length).toBeGreaterThan(0.9);
  });
});
