/**
 * Rule collections: the documents of one file, with `action: global` (what follows inherits it), `reset` (no longer)
 * and `repeat` (the previous rule again, with changes). What a document says itself wins over what it inherits;
 * several globals add up.
 */
import { isMap, type RawRule } from './head.ts';
import { createReport, expected, type Report } from './report.ts';
import type { YamlDocument } from './yaml.ts';

export interface CollectedRule {
  readonly raw: RawRule;
  readonly document: YamlDocument;
  readonly report: Report;
  /** True when the id was inherited, so that several rules would share it. */
  readonly hasInheritedId: boolean;
}

/** Every document that is to become a rule; those that cannot carry their refusal in their report. */
export function collectRules(documents: readonly YamlDocument[], filePath: string): CollectedRule[] {
  const rules: CollectedRule[] = [];
  let inherited: RawRule = {};
  let previous: RawRule = {};
  for (const document of documents) {
    const report = createReport(filePath, document);
    const { value } = document;
    if (!isMap(value)) {
      report.refuse('SIGMA_WRONG_TYPE', [], expected('a map', 'une table'));
      rules.push({ raw: {}, document, report, hasInheritedId: false });
      continue;
    }
    const { action, ...own } = value;
    if (action === 'global') {
      inherited = merge(inherited, own);
      continue;
    }
    if (action === 'reset') {
      inherited = {};
      continue;
    }
    if (action !== undefined && action !== 'repeat')
      report.refuse('SIGMA_ACTION', ['action'], { action: String(action) });
    const raw = merge(action === 'repeat' ? previous : inherited, own);
    previous = raw;
    rules.push({ raw, document, report, hasInheritedId: own.id === undefined && raw.id !== undefined });
  }
  return rules;
}

/** Maps are merged key by key, everything else is replaced. */
function merge(base: RawRule, over: RawRule): RawRule {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const old = Object.hasOwn(merged, key) ? merged[key] : undefined;
    const next = isMap(old) && isMap(value) ? merge(old, value) : value;
    Object.defineProperty(merged, key, { value: next, enumerable: true, configurable: true, writable: true });
  }
  return merged;
}
