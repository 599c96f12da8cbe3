/** The content the live flow runs on, and what differs between two loads of it. Reading it is given by the caller. */
import { isDeepStrictEqual } from 'node:util';
import type { Envelope, Source } from '../../../model/content/source.ts';
import type { Issue } from '../../../model/issue.ts';
import type { ReloadReport } from '../../../model/live/service.ts';
import type { CorrelationRule } from '../../../model/sigma.ts';
import type { PackedRules } from '../../../sigma/index.ts';

export interface LiveContent {
  readonly sources: readonly Source[];
  readonly envelopes: readonly Envelope[];
  /** Detections with what compiling needs of them. */
  readonly prepared: PackedRules;
  readonly briefs: readonly { readonly id: string; readonly hash: string }[];
  readonly correlations: readonly CorrelationRule[];
  /** Rule id → the fields that correlations read from its events. */
  readonly correlated: ReadonlyMap<string, readonly string[]>;
  readonly issues: readonly Issue[];
}

type Difference = Pick<ReloadReport, 'added' | 'changed' | 'removed'>;

export function differenceOf(before: LiveContent, after: LiveContent): Difference {
  const old = itemsOf(before);
  const fresh = itemsOf(after);
  return {
    added: [...fresh.keys()].filter((id) => !old.has(id)),
    changed: [...fresh]
      .filter(([id, item]) => old.has(id) && !isDeepStrictEqual(old.get(id), item))
      .map(([id]) => id),
    removed: [...old.keys()].filter((id) => !fresh.has(id)),
  };
}

function itemsOf(content: LiveContent): Map<string, unknown> {
  const { sources, envelopes, briefs, correlations } = content;
  return new Map<string, unknown>([
    ...sources.map((item) => [`source ${item.id}`, item] as const),
    ...envelopes.map((item) => [`envelope ${item.id}`, item] as const),
    ...briefs.map(({ id, hash }) => [id, hash] as const),
    ...correlations.map((rule) => [rule.id, rule] as const),
  ]);
}
