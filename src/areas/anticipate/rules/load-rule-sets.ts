/**
 * Reads the rules of a hunt: ours, the site's, and any Sigma directory, file or ZIP given. Chooses by level and tag;
 * rules that correlations rest on stay, whatever their own level, without speaking for themselves.
 */
import path from 'node:path';
import { load } from 'js-yaml';
import type { Issue } from '../../../model/issue.ts';
import { type Level, levelRank } from '../../../model/level.ts';
import type { CorrelationRule, DetectionRule, SigmaRule } from '../../../model/sigma.ts';
import { messageOf, readYamlFiles, type TextFile } from '../../../platform/content.ts';
import { loadRules, type RefusedRule } from '../../../sigma/index.ts';
import { readRuleFiles } from './read-rule-files.ts';

export interface RuleChoice {
  readonly ruleSets: readonly string[];
  readonly ownRules: boolean;
  readonly content: readonly string[];
  readonly placeholders: string | undefined;
  readonly level: Level;
  readonly tags: readonly string[];
}

export interface LoadedRules {
  /** Detections first, then correlations: the index of a rule here is its index in a tally. */
  readonly all: readonly SigmaRule[];
  readonly detections: readonly DetectionRule[];
  readonly correlations: readonly CorrelationRule[];
  readonly refused: readonly RefusedRule[];
  readonly issues: readonly Issue[];
}

export async function loadRuleSets(choice: RuleChoice): Promise<LoadedRules> {
  const issues: Issue[] = [];
  const files: TextFile[] = [];
  if (choice.ownRules) {
    for (const directory of choice.content)
      files.push(...readYamlFiles(path.join(directory, 'rules'), issues));
  }
  for (const target of choice.ruleSets) files.push(...(await readRuleFiles(target, issues)));
  const placeholders = readPlaceholders(choice.placeholders, issues);
  const set = loadRules(files, placeholders === undefined ? {} : { placeholders });
  const chosen = choose(set.rules, choice);
  return { ...chosen, refused: set.refused, issues: [...issues, ...set.issues] };
}

type Placeholders = Record<string, (string | number)[]>;

function readPlaceholders(file: string | undefined, issues: Issue[]): Placeholders | undefined {
  if (file === undefined) return undefined;
  const [text] = readYamlFiles(file, issues);
  if (text === undefined) return undefined;
  try {
    const data = load(text.text);
    if (typeof data === 'object' && data !== null && !Array.isArray(data)) {
      return Object.fromEntries(Object.entries(data).map(([name, values]) => [name, [values].flat()]));
    }
    issues.push(invalid(file, 'expected placeholder names with their values'));
  } catch (error) {
    issues.push(invalid(file, messageOf(error)));
  }
  return undefined;
}

function invalid(file: string, reason: string): Issue {
  return { code: 'CONTENT_INVALID', place: { path: file }, params: { reason } };
}

function choose(
  rules: readonly SigmaRule[],
  choice: RuleChoice,
): Pick<LoadedRules, 'all' | 'detections' | 'correlations'> {
  const isChosen = (rule: SigmaRule): boolean =>
    levelRank(rule.level) >= levelRank(choice.level) &&
    (choice.tags.length === 0 || rule.tags.some((tag) => choice.tags.includes(tag)));
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const needed = new Set<string>();
  const need = (rule: SigmaRule): void => {
    if (rule.kind !== 'correlation') return;
    for (const id of rule.ruleIds) {
      const referred = byId.get(id);
      if (needed.has(id) || referred === undefined) continue;
      needed.add(id);
      need(referred);
    }
  };
  const chosen = rules.filter(isChosen);
  for (const rule of chosen) need(rule);
  const chosenIds = new Set(chosen.map((rule) => rule.id));
  const kept = rules
    .filter((rule) => chosenIds.has(rule.id) || needed.has(rule.id))
    .map((rule) => (chosenIds.has(rule.id) ? rule : { ...rule, generates: false }));
  const detections = kept.filter((rule) => rule.kind === 'detection');
  const correlations = kept.filter((rule) => rule.kind === 'correlation');
  return { all: [...detections, ...correlations], detections, correlations };
}
