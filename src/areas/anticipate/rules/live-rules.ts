/** The rules of the live service: everything there is, packed for its threads. */
import { Worker } from 'node:worker_threads';
import type { CorrelationRule } from '../../../model/sigma.ts';
import { createCache } from '../../../platform/cache.ts';
import type { PackedRules, RefusedRule } from '../../../sigma/index.ts';
import { fieldsForCorrelations } from '../hunt/correlation-stage.ts';
import { type LoadedRules, loadRuleSets, type RuleChoice } from './load-rule-sets.ts';
import { packRules, type RuleBrief, type RulePack, type RuleTexts } from './rule-pack.ts';

export interface LiveRules {
  /** The detections, in the order of `briefs`: of all levels and tags, so that none is left out. */
  readonly prepared: PackedRules;
  readonly briefs: readonly RuleBrief[];
  readonly correlations: readonly CorrelationRule[];
  /** Rule id → the fields that correlations read from its events. */
  readonly correlated: ReadonlyMap<string, readonly string[]>;
  readonly refused: readonly RefusedRule[];
  readonly issues: LoadedRules['issues'];
  /** Keeps the rules in the cache, when they did not come from there. */
  keep(): void;
}

/** Reads and, unless the cache has them, parses all rules where it is called: in a thread of its own, for it takes seconds. */
export async function loadLiveRules(
  choice: Omit<RuleChoice, 'level' | 'tags'>,
  cacheDirectory: string,
): Promise<LiveRules> {
  const rules = await loadRuleSets(
    { ...choice, level: 'informational', tags: [] },
    { cache: createCache(cacheDirectory, 'rules'), pack: async (texts) => packRules(texts) },
  );
  const { briefs, correlations, refused, issues, keep } = rules;
  return {
    prepared: rules.packed,
    briefs,
    correlations,
    correlated: fieldsForCorrelations(correlations),
    refused,
    issues,
    keep,
  };
}

/** Parses rules in a thread of their own: nobody waits for thousands of them. */
export function packInThread(texts: RuleTexts): Promise<RulePack> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL('./pack-thread.ts', import.meta.url), { workerData: texts });
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', (code) => reject(new Error(`the rules could not be read (thread ended, ${code})`)));
  });
}
