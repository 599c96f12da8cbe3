/**
 * Resolves the references of correlations by id or name, refuses those that lead nowhere, to a refused rule or round
 * in a circle (and all that refer to them), and says which rules only serve correlations.
 */
import type { Condition, CorrelationRule, SigmaRule } from '../../model/sigma.ts';
import type { CorrelationDraft } from './correlation.ts';
import { headOf, type ParsedRule, type RefusedRule, refuseLate } from './parse-rules.ts';

const DEEPEST_CHAIN = 50;
const CHAINED = { what: 'chained correlations', whatFr: 'corrélations en chaîne' };

/** Refusals are added to `refused` and to the reports. */
export function resolveCorrelations(parsed: readonly ParsedRule[], refused: RefusedRule[]): SigmaRule[] {
  return createResolver(parsed, refused).resolveAll();
}

function createResolver(
  parsed: readonly ParsedRule[],
  refused: RefusedRule[],
): { resolveAll(): SigmaRule[] } {
  const byReference = indexByReference(parsed);
  const refusedBefore = new Set(refused.flatMap(({ id, name }) => [id?.toLowerCase(), name]));
  /** Rule id → resolved, or null when refused. */
  const done = new Map<string, SigmaRule | null>();
  const open: string[] = [];
  /** Rule id → whether some correlation lets it stand on its own. */
  const usedAlone = new Map<string, boolean>();

  function resolve(each: ParsedRule): SigmaRule | null {
    if (each.kind === 'filter') return null;
    const { id } = headOf(each);
    const known = done.get(id);
    if (known !== undefined) return known;
    const rule = each.kind === 'detection' ? each.rule : resolveCorrelation(each);
    done.set(id, rule);
    if (rule === null) refuseLate(each, refused);
    return rule;
  }

  function resolveCorrelation(each: Extract<ParsedRule, { kind: 'correlation' }>): CorrelationRule | null {
    const { head, references } = each.rule;
    open.push(head.id);
    const ids = new Map<string, string>();
    for (const [index, reference] of references.entries()) {
      const id = resolveReference(reference, { each, index });
      if (id !== undefined) ids.set(reference, id);
    }
    open.pop();
    if (each.report.refusals.length > 0) return null;
    for (const id of ids.values())
      usedAlone.set(id, (usedAlone.get(id) ?? false) || each.rule.generatesParts);
    return toRule(each.rule, ids);
  }

  function resolveReference(
    reference: string,
    at: { readonly each: Extract<ParsedRule, { kind: 'correlation' }>; readonly index: number },
  ): string | undefined {
    const { report } = at.each;
    const path = ['correlation', 'rules', at.index];
    const target = byReference.get(reference) ?? byReference.get(reference.toLowerCase());
    if (target === undefined) {
      const wasRefused = refusedBefore.has(reference) || refusedBefore.has(reference.toLowerCase());
      report.refuse(wasRefused ? 'SIGMA_REFERENCE_REFUSED' : 'SIGMA_UNKNOWN_REFERENCE', path, { reference });
      return undefined;
    }
    const { id } = headOf(target);
    const cycleFrom = open.indexOf(id);
    if (cycleFrom !== -1) {
      report.refuse('SIGMA_REFERENCE_CYCLE', path, { chain: [...open.slice(cycleFrom), id].join(' → ') });
      return undefined;
    }
    if (open.length > DEEPEST_CHAIN) {
      report.refuse('SIGMA_LIMIT', path, { limit: DEEPEST_CHAIN, ...CHAINED });
      return undefined;
    }
    if (resolve(target) !== null) return id;
    report.refuse('SIGMA_REFERENCE_REFUSED', path, { reference });
    return undefined;
  }

  function resolveAll(): SigmaRule[] {
    const rules = parsed.map(resolve).filter((rule) => rule !== null);
    return rules.map((rule) => (usedAlone.get(rule.id) === false ? { ...rule, generates: false } : rule));
  }

  return { resolveAll };
}

/** An id wins over a name; of a name, the first rule. Filters cannot be referred to. */
function indexByReference(parsed: readonly ParsedRule[]): Map<string, ParsedRule> {
  const index = new Map<string, ParsedRule>();
  const rules = parsed.filter((each) => each.kind !== 'filter');
  for (const each of rules) {
    const { name } = headOf(each);
    if (name !== undefined && !index.has(name)) index.set(name, each);
  }
  for (const each of rules) index.set(headOf(each).id.toLowerCase(), each);
  return index;
}

function toRule(draft: CorrelationDraft, ids: ReadonlyMap<string, string>): CorrelationRule {
  const idOf = (reference: string): string => ids.get(reference) ?? reference;
  return {
    ...draft.head,
    kind: 'correlation',
    type: draft.type,
    ruleIds: draft.references.map(idOf),
    groupBy: draft.groupBy,
    aliases: new Map(
      [...draft.aliases].map(([alias, fields]) => [
        alias,
        new Map([...fields].map(([reference, field]) => [idOf(reference), field])),
      ]),
    ),
    timespanSeconds: draft.timespanSeconds,
    ...(draft.condition === undefined ? {} : { condition: draft.condition }),
    ...(draft.expression === undefined ? {} : { expression: withIds(draft.expression, idOf) }),
    generates: true,
  };
}

function withIds(condition: Condition, idOf: (reference: string) => string): Condition {
  switch (condition.kind) {
    case 'ref':
      return { kind: 'ref', name: idOf(condition.name) };
    case 'of':
      return { ...condition, names: condition.names.map(idOf) };
    case 'not':
      return { kind: 'not', item: withIds(condition.item, idOf) };
    default:
      return { ...condition, items: condition.items.map((item) => withIds(item, idOf)) };
  }
}
