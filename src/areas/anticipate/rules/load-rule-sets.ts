/**
 * Gets the rules of a hunt: ours, the site's, and any Sigma directory, file or ZIP given, parsed or, when nothing they
 * are made from has changed, from the cache. Chooses by level and tag; rules that correlations rest on stay, whatever
 * their own level, without speaking for themselves.
 */
import path from 'node:path';
import type { Issue } from '../../../model/issue.ts';
import { type Level, levelRank } from '../../../model/level.ts';
import type { CorrelationRule, SigmaRule } from '../../../model/sigma.ts';
import { type Cache, cacheKey, codeParts } from '../../../platform/cache.ts';
import { readYamlFiles } from '../../../platform/content.ts';
import type { RefusedRule, RuleFile } from '../../../sigma/index.ts';
import { readPlaceholders } from './placeholders.ts';
import { readRuleFiles } from './read-rule-files.ts';
import {
  CHOSEN,
  chosenOf,
  type PackedDetections,
  type PackHead,
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
  const texts = await readRuleTexts(choice, issues);
  const key = keyOf(texts);
  const kept = tools.cache.get(key);
  const known = kept === undefined ? undefined : packFromBytes(kept);
  const pack = known ?? (await tools.pack(texts));
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
      if (known === undefined) tools.cache.put(key, packToBytes(pack));
    },
  };
}

async function readRuleTexts(choice: RuleChoice, issues: Issue[]): Promise<RuleTexts> {
  const files: RuleFile[] = [];
  if (choice.ownRules) {
    for (const [layer, directory] of choice.content.entries())
      files.push(...readYamlFiles(path.join(directory, 'rules'), issues).map((file) => ({ ...file, layer })));
  }
  for (const target of choice.ruleSets) files.push(...(await readRuleFiles(target, issues)));
  return { files, placeholders: readPlaceholders(choice.placeholders, issues) };
}

const ENGINE = path.resolve(import.meta.dirname, '../../../sigma');

/** Everything a pack depends on: the texts, and the code that reads them. */
function keyOf({ files, placeholders }: RuleTexts): string {
  return cacheKey([
    ...codeParts([ENGINE]),
    JSON.stringify(placeholders) ?? '',
    ...files.flatMap(({ path: from, layer, text }) => [`${layer ?? ''} ${from}`, text]),
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
