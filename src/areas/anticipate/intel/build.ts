/**
 * Builds the index from the lists and warning lists of a data directory. Slow for large lists (seconds): the live service
 * runs it in a thread of its own (`index-builder.ts`).
 */
import { createIntelIndexBuilder } from '../../../intel/index.ts';
import type { WarningList } from '../../../model/content/warning-list.ts';
import type { Issue } from '../../../model/issue.ts';
import type { Indicator, IntelBuffers } from '../../../model/live/intel.ts';
import { createListStore } from './list-file.ts';

/** Indicators of all lists together: what the memory of the index is planned for. */
const MAX_INDICATORS = 3_000_000;

export interface BuildInput {
  readonly dataDirectory: string;
  readonly warnings: readonly WarningList[];
  readonly seed: number;
  /** Indicators that ended before it are left out. */
  readonly endedBeforeMillis: number;
  /** `past`: only what the past is still to be searched for. */
  readonly folder?: 'lists' | 'past';
}

export interface BuiltIndex {
  readonly buffers: IntelBuffers;
  readonly lists: readonly { readonly id: string; readonly indicators: number; readonly expired: number }[];
  readonly indicators: number;
  readonly bytes: number;
  readonly issues: readonly Issue[];
}

export async function buildIndex(input: BuildInput): Promise<BuiltIndex> {
  const store = createListStore(input.dataDirectory, input.folder);
  const heads = await store.heads();
  const lists = heads.map(({ list }) => list);
  const builder = createIntelIndexBuilder({ lists, warnings: input.warnings, seed: input.seed });
  const counts: { id: string; indicators: number; expired: number }[] = [];
  const issues: Issue[] = [];
  let total = 0;
  for (const { id } of lists) {
    const count = { id, indicators: 0, expired: 0 };
    counts.push(count);
    for await (const { indicator } of store.rows(id)) {
      if (hasEnded(indicator, input.endedBeforeMillis)) count.expired++;
      else if (total >= MAX_INDICATORS) {
        const params = { limit: MAX_INDICATORS, what: 'indicators', whatFr: 'indicateurs' };
        issues.push({ code: 'INTEL_LIMIT', place: { path: id }, params });
        break;
      } else {
        builder.add(indicator);
        count.indicators++;
        total++;
      }
    }
  }
  const { buffers, bytes, issues: more } = builder.finish();
  return { buffers, lists: counts, indicators: total, bytes, issues: [...issues, ...more] };
}

function hasEnded({ validUntilMillis }: Indicator, beforeMillis: number): boolean {
  return validUntilMillis !== undefined && validUntilMillis < beforeMillis;
}
