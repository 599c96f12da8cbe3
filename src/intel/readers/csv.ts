/**
 * Lists in separated values, with a mapping of their columns; MISP's attribute export and Zeek's intelligence files are
 * two such mappings. Values may be quoted; a quoted value does not run over a line end.
 */
import { splitCsvLine } from '../../lib/csv-line.ts';
import type { IndicatorType } from '../../model/live/intel.ts';
import { linesOf } from './lines.ts';
import { type IndicatorDraft, type IntelSink, millisOf } from './sink.ts';
import { HASH_NAMES, TYPE_NAMES } from './type-names.ts';

/** A column: its name in the header, or its number from 1. */
export type Column = string | number;

export interface CsvMapping {
  readonly separator: string;
  /** The first line that is not a comment names the columns (a `#` before it is taken off). */
  readonly hasHeader: boolean;
  readonly value: Column;
  /** Of every value; else by the `typeColumn`, else guessed. */
  readonly type?: IndicatorType;
  readonly typeColumn?: Column;
  readonly confidence?: Column;
  readonly tags?: Column;
  readonly reference?: Column;
  readonly validUntil?: Column;
  /** Rows whose value in this column is `0`, `no` or `false` are passed over (MISP's `to_ids`). */
  readonly onlyIf?: Column;
}

export const MISP_CSV: CsvMapping = {
  separator: ',',
  hasHeader: true,
  value: 'value',
  typeColumn: 'type',
  tags: 'attribute_tag',
  onlyIf: 'to_ids',
};

export const ZEEK_INTEL: CsvMapping = {
  separator: '\t',
  hasHeader: true,
  value: 'indicator',
  typeColumn: 'indicator_type',
  reference: 'meta.url',
  tags: 'meta.desc',
};

const MAX_COLUMNS = 200;

export function readCsv(text: string, path: string, mapping: CsvMapping, sink: IntelSink): void {
  let header: ReadonlyMap<string, number> | undefined;
  const unknown = new Set<string>();
  for (const { line, number } of linesOf(text)) {
    if (line.trim() === '') continue;
    if (mapping.hasHeader && header === undefined) {
      header = headerOf(line, mapping.separator);
      if (typeof mapping.value === 'string' && !header.has(mapping.value)) {
        noColumn(path, mapping.value, sink);
        return;
      }
    } else if (!line.startsWith('#'))
      readRow(splitCsvLine(line, mapping.separator, MAX_COLUMNS), { path, line: number });
  }

  function readRow(cells: readonly string[], place: { path: string; line: number }): void {
    const cell = (column: Column | undefined): string | undefined => {
      const index =
        typeof column === 'number' ? column - 1 : column === undefined ? undefined : header?.get(column);
      const found = index === undefined ? undefined : cells[index]?.trim();
      return found === '' || found === '-' ? undefined : found;
    };
    if (/^(0|no|false)$/i.test(cell(mapping.onlyIf) ?? '')) return;
    const drafts = valuesOf(cell(mapping.value) ?? '', cell(mapping.typeColumn), mapping.type);
    const type = cell(mapping.typeColumn)?.toLowerCase() ?? '';
    if (drafts.length === 0 && !unknown.has(type)) {
      unknown.add(type);
      sink.issue({ code: 'INTEL_UNKNOWN_TYPE', place, params: { type } });
    }
    for (const draft of drafts) sink.add({ ...draft, ...detailsOf(cell), place });
  }

  function detailsOf(cell: (column: Column | undefined) => string | undefined): Partial<IndicatorDraft> {
    const confidence = Number(cell(mapping.confidence));
    const tags = cell(mapping.tags)?.split(/[,;]\s*/);
    const reference = cell(mapping.reference);
    const validUntilMillis = millisOf(cell(mapping.validUntil));
    return {
      ...(mapping.confidence === undefined || Number.isNaN(confidence) ? {} : { confidence }),
      ...(tags === undefined ? {} : { tags }),
      ...(reference === undefined ? {} : { reference }),
      ...(validUntilMillis === undefined ? {} : { validUntilMillis }),
    };
  }
}

function noColumn(path: string, column: string, sink: IntelSink): void {
  const reason = `no column \`${column}\` in the first line`;
  const reasonFr = `pas de colonne \`${column}\` dans la première ligne`;
  sink.issue({
    code: 'INTEL_NOT_READABLE',
    place: { path, line: 1 },
    params: { format: 'CSV', reason, reasonFr },
  });
}

function headerOf(line: string, separator: string): Map<string, number> {
  const cells = splitCsvLine(line.replace(/^#\s*(fields\t)?/, ''), separator, MAX_COLUMNS);
  return new Map(cells.map((name, index) => [name.trim(), index]));
}

/**
 * The values of one row by the name of their type, which may be composite (`domain|ip`, `filename|sha256`); empty when
 * none of it is matched on.
 */
export function valuesOf(
  raw: string,
  typeName: string | undefined,
  fixed?: IndicatorType,
): { raw: string; type?: IndicatorType }[] {
  if (fixed !== undefined) return [{ raw, type: fixed }];
  if (typeName === undefined) return [{ raw }];
  const names = typeName.toLowerCase().split('|');
  const parts = names.length === 1 ? [raw] : raw.split('|');
  return names.flatMap((name, index) => {
    const type = TYPE_NAMES[name];
    const part = parts[index] ?? '';
    if (HASH_NAMES.has(name)) return [{ raw: part }];
    return type === undefined || type === 'skip' ? [] : [{ raw: part, type }];
  });
}
