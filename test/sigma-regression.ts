/** SigmaHQ's own regression data: each case names a rule and a capture in which it must match. For tests and benches. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { load } from 'js-yaml';
import { createDecoder } from '../src/codecs/index.ts';
import type { Event, LogRecord } from '../src/model/event.ts';
import type { DetectionRule } from '../src/model/sigma.ts';
import { readYamlFiles } from '../src/platform/content.ts';
import { compileRules, createMatcher, loadRules } from '../src/sigma/index.ts';
import { shippedNormaliser } from './rule-runner.ts';

const FOLDERS = ['rules', 'rules-emerging-threats', 'rules-threat-hunting'];
const TIME = { siteZone: 'UTC', referenceMicros: Date.parse('2026-01-01T00:00:00Z') * 1000 };

export interface RegressionCase {
  readonly ruleId: string;
  readonly title: string;
  /** Matches expected; undefined when the case does not say (at least one). */
  readonly expected: number | undefined;
  readonly json: string | undefined;
  readonly evtx: string | undefined;
}

export function readCases(corpus: string): RegressionCase[] {
  const root = path.join(corpus, 'sigma/regression_data');
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => path.basename(file) === 'info.yml')
    .sort()
    .map((file) => toCase(corpus, path.join(root, file)));
}

interface Info {
  readonly rule_metadata: readonly { readonly id: string; readonly title: string }[];
  readonly regression_tests_info?: readonly { readonly match_count?: number; readonly path?: string }[];
}

function toCase(corpus: string, file: string): RegressionCase {
  const info = load(readFileSync(file, 'utf8')) as Info;
  const [rule] = info.rule_metadata;
  const test = info.regression_tests_info?.[0];
  const folder = path.dirname(file);
  const json = readdirSync(folder).find((name) => name.endsWith('.json') || name.endsWith('.raw'));
  const evtx = path.join(corpus, 'evtx/sigma_regression', test?.path ?? '');
  return {
    ruleId: rule?.id ?? '',
    title: rule?.title ?? '',
    expected: test?.match_count,
    json: json === undefined ? undefined : path.join(folder, json),
    evtx: evtx.endsWith('.evtx') && existsSync(evtx) ? evtx : undefined,
  };
}

export interface Regression {
  /** Matches of the case's rule in the file, every SigmaHQ rule being loaded. */
  matches(one: RegressionCase, file: string): number;
  readonly rules: number;
  readonly refused: readonly { readonly title?: string | undefined }[];
}

export function createRegression(corpus: string): Regression {
  const files = FOLDERS.flatMap((folder) => readYamlFiles(path.join(corpus, 'sigma', folder), []));
  const set = loadRules(files);
  const detections = set.rules.filter((rule): rule is DetectionRule => rule.kind === 'detection');
  const matcher = createMatcher(compileRules(detections));
  const normaliser = shippedNormaliser();
  return {
    rules: set.rules.length,
    refused: set.refused,
    matches: (one, file) =>
      eventsOf(file, normaliser)
        .flatMap((event) => matcher.match(event))
        .filter((rule) => rule.id === one.ruleId).length,
  };
}

function eventsOf(file: string, normaliser: ReturnType<typeof shippedNormaliser>): Event[] {
  const records: LogRecord[] = [];
  const decoder = createDecoder(
    { path: file },
    { record: (record) => records.push(record), issue: () => {} },
  );
  decoder.push(readFileSync(file));
  decoder.end();
  return records.flatMap((record) => {
    const outcome = normaliser.normalise(record, TIME);
    return outcome.kind === 'ok' ? [outcome.value] : [];
  });
}
