/**
 * Gets the rules of a hunt: ours, the site's, and any Sigma directory, file or ZIP given, parsed or, when nothing they
 * are made from has changed, from the cache. Chooses by level and tag; rules that correlations rest on stay, whatever
 * their own level, without speaking for themselves.
 */
import path from 'node:path';
import type { Issue } from '../../../model/issue.ts';
import { type Level, levelRank } from '../../../model/level.ts';
import type { CorrelationRule, SigmaRule } from '../../../model/sigma.ts';
import { type Cache, cacheKey, codeParts, NO_CACHE } from '../../../platform/cache.ts';
import { readYamlFiles, stampsOfYamlFiles } from '../../../platform/content.ts';
import type { RefusedRule, RuleFile } from '../../../sigma/index.ts';
import { readPlaceholders } from './placeholders.ts';
import { readRuleFiles } from './read-rule-files.ts';
import {
  CHOSEN,
  chosenOf,
  type PackedDetections,
  type PackHead,
  type Placeholders,
  packFromBytes,
  packToBytes,
  type RuleBrief,
  type RulePack,
  type RuleTexts,
  unpackRule,
} from './rule-pack.ts';

export interface RuleChoice {
  readonly ruleSets: readonly string[];
  readonly ownRules: boolean;
  readonly content: readonly string[];
  readonly placeholders: string | undefined;
  readonly level: Level;
  readonly tags: readonly string[];
}

export interface RuleTools {
  readonly cache: Cache;
  /** Parses the texts, wherever that is done. */
  pack(texts: RuleTexts): Promise<RulePack>;
}

export interface LoadedRules {
  readonly packed: PackedDetections;
  /** The detections of the hunt. Their places here, then those of the correlations, are the indexes of a tally. */
  readonly briefs: readonly RuleBrief[];
  readonly correlations: readonly CorrelationRule[];
  readonly refused: readonly RefusedRule[];
  readonly issues: readonly Issue[];
  /** The rule of a tally's index, unpacked at each call. */
  ruleAt(index: number): SigmaRule | undefined;
  /** Keeps the rules in the cache, when they did not come from there. */
  keep(): void;
}

export async function loadRuleSets(choice: RuleChoice, tools: RuleTools): Promise<LoadedRules> {
  const issues: Issue[] = [];
  const placeholders = readPlaceholders(choice.placeholders, issues);
  // Before anything is read: a file that changes meanwhile has another stamp next time.
  const key = tools.cache === NO_CACHE ? '' : keyOf(choice, placeholders);
  const kept = tools.cache.get(key);
  const known = kept === undefined ? undefined : packFromBytes(kept);
  const unread: Issue[] = [];
  const pack = known ?? (await tools.pack({ files: await readRules(choice, unread), placeholders }));
  issues.push(...unread);
  const { head } = pack;
  const { chosen, correlations } = choose(head, choice);
  const packed: PackedDetections = { ...pack.packed, chosen };
  const places = chosenOf(packed);
  return {
    packed,
    briefs: places.flatMap((place) => head.briefs[place] ?? []),
    correlations,
    refused: head.refused,
    issues: [...issues, ...head.issues],
    ruleAt: (index) => {
      const place = places[index];
      return place === undefined ? correlations[index - places.length] : unpackRule(packed, place);
    },
    keep: () => {
      // What could not be read may be there the next time, with nothing to show for it.
      if (known === undefined && unread.length === 0) tools.cache.put(key, packToBytes(pack));
    },
  };
}

/** Folders of our own rules and the site's, each with its layer. */
function ownFolders({
  ownRules,
  content,
}: RuleChoice): { readonly folder: string; readonly layer: number }[] {
  if (!ownRules) return [];
  return content.map((directory, layer) => ({ folder: path.join(directory, 'rules'), layer }));
}

async function readRules(choice: RuleChoice, issues: Issue[]): Promise<RuleFile[]> {
  const files: RuleFile[] = ownFolders(choice).flatMap(({ folder, layer }) =>
    readYamlFiles(folder, issues).map((file) => ({ ...file, layer })),
  );
  for (const target of choice.ruleSets) files.push(...(await readRuleFiles(target, issues)));
  return files;
}

const ENGINE = path.resolve(import.meta.dirname, '../../../sigma');

/** Everything a pack depends on: where the rules stand and when they were written, and the code that reads them. */
function keyOf(choice: RuleChoice, placeholders: Placeholders | undefined): string {
  return cacheKey([
    ...codeParts([ENGINE]),
    JSON.stringify(placeholders) ?? '',
    ...ownFolders(choice).flatMap(({ folder, layer }) => [`layer ${layer}`, ...stampsOfYamlFiles(folder)]),
    ...choice.ruleSets.flatMap((target) => ['set', ...stampsOfYamlFiles(target)]),
  ]);
}

function choose(
  { briefs, correlations }: PackHead,
  choice: RuleChoice,
): { chosen: Uint8Array; correlations: CorrelationRule[] } {
  const isChosen = (rule: Pick<RuleBrief, 'level' | 'tags'>): boolean =>
    levelRank(rule.level) >= levelRank(choice.level) &&
    (choice.tags.length === 0 || rule.tags.some((tag) => choice.tags.includes(tag)));
  const byId = new Map(correlations.map((rule) => [rule.id, rule]));
  const needed = new Set<string>();
  const need = (rule: CorrelationRule): void => {
    for (const id of rule.ruleIds) {
      if (needed.has(id)) continue;
      needed.add(id);
      const referred = byId.get(id);
      if (referred !== undefined) need(referred);
    }
  };
  for (const rule of correlations) if (isChosen(rule)) need(rule);
  const chosen = Uint8Array.from(briefs, (rule) =>
    isChosen(rule) ? CHOSEN.yes : needed.has(rule.id) ? CHOSEN.mute : CHOSEN.no,
  );
  const kept = correlations
    .filter((rule) => isChosen(rule) || needed.has(rule.id))
    .map((rule) => (isChosen(rule) ? rule : { ...rule, generates: false }));
  return { chosen, correlations: kept };
}
