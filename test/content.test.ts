/**
 * Every rule we ship, as content: complete, in both languages, well tagged, locked.
 */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RuleExtras } from '../src/model/content/rule.ts';
import type { LogSource } from '../src/model/event.ts';
import { renderIssue, renderPlace } from '../src/model/issue.ts';
import { readYamlFiles } from '../src/platform/content.ts';
import { loadRules } from '../src/sigma/index.ts';
import { lintRules } from '../src/sigma/lint/lint-rules.ts';
import {
  behaviourLock,
  LOCK_FILE,
  type Lock,
  lockOf,
  mainDocument,
  RULES_DIRECTORY,
  readRuleFiles,
  unversionedChanges,
  writtenOut,
} from './rule-content.ts';
import { eventsOf, firedBy, shippedNormaliser } from './rule-runner.ts';

const FILES = readRuleFiles();
const NORMALISER = shippedNormaliser();
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const TAG = /^attack\.(t\d{4}(\.\d{3})?|[a-z]+(-[a-z]+)*)$/;

/** ATT&CK's enterprise tactics, as Sigma tags write them. */
const TACTICS = new Set(
  'reconnaissance resource-development initial-access execution persistence privilege-escalation defense-evasion credential-access discovery lateral-movement collection command-and-control exfiltration impact'.split(
    ' ',
  ),
);

describe('every rule file', () => {
  it('exists', () => {
    expect(FILES.length).toBeGreaterThanOrEqual(40);
  });

  it.each(FILES.map((file) => [file.path, file] as const))('%s is complete', (path, file) => {
    const main = mainDocument(file);
    expect(path).toMatch(/^[a-z-]+\/[a-z0-9-]+\.yml$/);
    const extras = RuleExtras.safeParse(main.vigie);
    expect(extras.error?.issues ?? []).toEqual([]);
    expect(file.documents.slice(1).filter((document) => 'vigie' in document)).toEqual([]);
    expect(main.status).toMatch(/^(experimental|test|stable)$/);
    expect(main.references).toEqual(expect.arrayContaining([expect.stringMatching(/^https:\/\//)]));
    expect(main.description).toMatch(/\.$/);
    if (!extras.success) return;
    expect(main.title).toBe(extras.data.title.en);
    expect(extras.data.title.en.length).toBeLessThanOrEqual(64);
    expect(extras.data.innocent.fr).toHaveLength(extras.data.innocent.en.length);
    expect(extras.data.check_next.fr).toHaveLength(extras.data.check_next.en.length);
    const { title, why, innocent, check_next } = extras.data;
    for (const text of [title, why, innocent, check_next]) expect(text.fr).not.toEqual(text.en);
  });

  it.each(FILES.map((file) => [file.path, file] as const))('%s is tagged', (_, file) => {
    const tags = mainDocument(file).tags as string[];
    expect(tags.filter((tag) => !TAG.test(tag))).toEqual([]);
    const tactics = tags.filter((tag) => !/^attack\.t\d/.test(tag)).map((tag) => tag.slice(7));
    expect(tactics.filter((tactic) => !TACTICS.has(tactic))).toEqual([]);
    expect(tactics.length).toBeGreaterThan(0);
    expect(tags.length).toBeGreaterThan(tactics.length);
  });
});

describe('the rules together', () => {
  const documents = FILES.flatMap((file) => file.documents);

  it('have unique random ids, names and titles', () => {
    const ids = documents.map((document) => String(document.id));
    expect(ids.filter((id) => !UUID.test(id))).toEqual([]);
    expect(repeated(ids)).toEqual([]);
    expect(
      repeated(documents.flatMap((document) => (document.name === undefined ? [] : [document.name]))),
    ).toEqual([]);
    expect(repeated(documents.map((document) => document.title))).toEqual([]);
    expect(repeated(FILES.map((file) => frenchTitle(mainDocument(file))))).toEqual([]);
  });

  it('raise their version when they change (else: npm run content:lock)', () => {
    const locked = existsSync(LOCK_FILE) ? (JSON.parse(readFileSync(LOCK_FILE, 'utf8')) as Lock) : {};
    const now = { ...lockOf(FILES), ...behaviourLock() };
    expect(unversionedChanges(locked, now)).toEqual([]);
    expect(now).toEqual(locked);
  });
});

const SET = loadRules(readYamlFiles(RULES_DIRECTORY, []));

describe('the Sigma engine', () => {
  it('takes every rule without a word', () => {
    expect(SET.issues.map((issue) => `${renderPlace(issue.place)} ${renderIssue(issue, 'en')}`)).toEqual([]);
  });

  it('finds nothing to say against them', () => {
    const { findings } = lintRules(readYamlFiles(RULES_DIRECTORY, []));
    expect(findings.map((issue) => `${renderPlace(issue.place)} ${renderIssue(issue, 'en')}`)).toEqual([]);
  });

  it('has a source for every logsource', () => {
    const provided = NORMALISER.compiled.sources.flatMap((source) => [
      ...source.logsources,
      ...source.variants.flatMap((variant) => variant.logsources ?? []),
    ]);
    const orphans = SET.rules.flatMap((rule) =>
      rule.kind === 'detection' && !provided.some((given) => covers(given, rule.logsource))
        ? [`${rule.place.path}: ${JSON.stringify(rule.logsource)}`]
        : [],
    );
    expect(orphans).toEqual([]);
  });
});

const CASES = FILES.flatMap((file) => {
  const main = mainDocument(file);
  const extras = RuleExtras.safeParse(main.vigie);
  if (!extras.success) return [];
  const { hit, miss } = extras.data.cases;
  return [...hit.map((each) => ({ each, isHit: true })), ...miss.map((each) => ({ each, isHit: false }))].map(
    (one) => ({
      ...one,
      id: String(main.id),
      name: `${file.path} ${one.isHit ? 'hits' : 'misses'}: ${one.each.name}`,
    }),
  );
});

describe('cases, through codec, normalise, matcher and correlator', () => {
  it.each(CASES.map((one) => [one.name, one] as const))('%s', (_, { each, isHit, id }) => {
    const records = writtenOut(each.records);
    const events = eventsOf(records, NORMALISER);
    expect(events).toHaveLength(records.length);
    expect(events.filter((event) => event.kind.sourceId === 'unknown').map((event) => event.fields)).toEqual(
      [],
    );
    expect(firedBy(SET, events).has(id)).toBe(isHit);
  });
});

/** Whether events of this binding may be seen by a rule with this logsource. */
function covers(
  given: { readonly [part in keyof LogSource]?: string | undefined },
  stated: LogSource,
): boolean {
  return (['product', 'category', 'service'] as const).every(
    (part) => stated[part] === undefined || stated[part] === given[part],
  );
}

function frenchTitle(main: Readonly<Record<string, unknown>>): unknown {
  return (main.vigie as { title?: { fr?: string } } | undefined)?.title?.fr;
}

function repeated(values: readonly unknown[]): unknown[] {
  return values.filter((value, index) => values.indexOf(value) !== index);
}
