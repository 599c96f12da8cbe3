/** Puts rules together into as few searches of the past as their prunings allow. Pure; it runs none. */
import type { Query } from '../../../model/query.ts';
import { type CompiledSet, compilePrepared, type TriggeredRule } from '../../../sigma/index.ts';
import { anyOf, ofSources, type PrunedSource, type Pruning, pruningOf } from './prune.ts';

export interface Pass {
  readonly query: Query;
  /** The rules that may match what the query finds. */
  readonly rules: CompiledSet;
}

export interface Plan {
  readonly passes: readonly Pass[];
  readonly wideRules: number;
}

/**
 * Conditions of so many rules stand in one search: each event is then fetched once, the text looked through once. With
 * the atoms `prune.ts` lets through, the statement stays below the 256 KiB that ClickHouse reads.
 */
const RULES_A_PASS = 6;

interface Pruned {
  readonly rule: TriggeredRule;
  readonly pruning: Pruning;
}

export function planPasses(rules: readonly TriggeredRule[], sources: readonly PrunedSource[]): Plan {
  const pruned = rules.flatMap((rule): Pruned[] => {
    const pruning = pruningOf(rule.rule, sources);
    return pruning === undefined ? [] : [{ rule, pruning }];
  });
  const narrow = pruned.filter(({ pruning }) => !pruning.isWide);
  const wide = pruned.filter(({ pruning }) => pruning.isWide);
  const passes = Array.from({ length: Math.ceil(narrow.length / RULES_A_PASS) }, (_, index) =>
    passOf(narrow.slice(index * RULES_A_PASS, (index + 1) * RULES_A_PASS)),
  );
  if (wide.length > 0) passes.push(wide.length <= RULES_A_PASS ? passOf(wide) : widePass(wide, sources));
  return { passes, wideRules: wide.length };
}

function passOf(pruned: readonly Pruned[]): Pass {
  const query = anyOf(pruned.map(({ pruning }) => pruning.query));
  return { query, rules: compilePrepared(pruned.map(({ rule }) => rule)) };
}

function widePass(pruned: readonly Pruned[], sources: readonly PrunedSource[]): Pass {
  const ids = new Set(pruned.flatMap(({ pruning }) => pruning.sources));
  return { query: ofSources(ids, sources), rules: compilePrepared(pruned.map(({ rule }) => rule)) };
}
