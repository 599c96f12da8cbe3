/**
 * The index of indicators and warning lists: built once from canonical indicators, opened by any thread on the same
 * buffers. What a row says is made an object only for hits.
 */
import type { WarningList } from '../../model/content/warning-list.ts';
import type { Issue } from '../../model/issue.ts';
import {
  INDICATOR_TYPES,
  type Indicator,
  type IndicatorType,
  type IntelBuffers,
  type IntelList,
} from '../../model/live/intel.ts';
import { createTableBuilder } from '../table/build.ts';
import { FOREVER, KEY } from '../table/layout.ts';
import { openTable, type Table } from '../table/look-up.ts';
import { buildWarnings, openWarnings, type Warnings } from './warnings.ts';

export interface IntelIndexBuilder {
  /** The indicator's list must be among those given; others are left out and counted by `finish`. */
  add(indicator: Indicator): void;
  finish(): {
    readonly buffers: IntelBuffers;
    readonly indicators: number;
    readonly unlisted: number;
    readonly bytes: number;
    readonly issues: readonly Issue[];
  };
}

export interface IntelSetup {
  readonly lists: readonly IntelList[];
  readonly warnings: readonly WarningList[];
  /** Any number that list authors cannot know (32 bits used). */
  readonly seed: number;
}

export function createIntelIndexBuilder(setup: IntelSetup): IntelIndexBuilder {
  const builder = createTableBuilder(setup.seed);
  const numbers = new Map(setup.lists.map((list, number) => [list.id, number]));
  let unlisted = 0;
  return {
    add(indicator) {
      const list = numbers.get(indicator.listId);
      if (list === undefined) unlisted++;
      else builder.add({ ...indicator, type: KEY[indicator.type], list, ...secondsOf(indicator) });
    },
    finish() {
      const warnings = buildWarnings(setup.warnings, setup.seed);
      const buffers = { indicators: builder.finish({ lists: setup.lists }), warnings: warnings.buffer };
      const bytes = buffers.indicators.byteLength + buffers.warnings.byteLength;
      return { buffers, indicators: builder.rows, unlisted, bytes, issues: warnings.issues };
    },
  };
}

/** Whole seconds: the beginning rounded down, the end up. */
function secondsOf({ validFromMillis, validUntilMillis }: Indicator): { from: number; until: number } {
  const from = validFromMillis === undefined ? 0 : Math.max(0, Math.floor(validFromMillis / 1000));
  const until = validUntilMillis === undefined ? FOREVER : Math.max(0, Math.ceil(validUntilMillis / 1000));
  return { from: Math.min(from, FOREVER), until: Math.min(until, FOREVER) };
}

export interface IntelIndex {
  readonly table: Table;
  readonly warnings: Warnings;
  readonly lists: readonly IntelList[];
  readonly indicators: number;
  indicatorAt(row: number): Indicator;
  listAt(row: number): IntelList | undefined;
}

export function openIntelIndex(buffers: IntelBuffers): IntelIndex {
  const table = openTable(buffers.indicators);
  const { lists, tagSets } = table.meta as unknown as { lists: IntelList[]; tagSets: string[][] };
  const { sections } = table;
  const listAt = (row: number): IntelList | undefined => lists[sections.list[row] ?? 0];
  function indicatorAt(row: number): Indicator {
    const from = sections.from[row] ?? 0;
    const until = sections.until[row] ?? FOREVER;
    const reference = table.referenceAt(row);
    return {
      type: typeAt(sections.type[row] ?? 0),
      value: table.valueAt(row),
      listId: listAt(row)?.id ?? '',
      confidence: sections.confidence[row] ?? 0,
      tags: tagSets[sections.tags[row] ?? 0] ?? [],
      ...(from === 0 ? {} : { validFromMillis: from * 1000 }),
      ...(until === FOREVER ? {} : { validUntilMillis: until * 1000 }),
      ...(reference === undefined ? {} : { reference }),
    };
  }
  return {
    table,
    warnings: openWarnings(buffers.warnings),
    lists,
    indicators: table.rows,
    indicatorAt,
    listAt,
  };
}

function typeAt(key: number): IndicatorType {
  return INDICATOR_TYPES.find((type) => KEY[type] === key) ?? 'domain';
}
