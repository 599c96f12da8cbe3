/**
 * Writes signals row by row as JSONL, CSV or Timesketch JSONL. Rows of several threads may be joined: a row depends
 * on nothing but its signal, and the head (CSV) is asked for apart. Knows nothing of files or terminals.
 */
import { csvRow } from '../../../lib/csv.ts';
import { ROW_COLUMNS, type SignalRow } from '../../../model/signal-row.ts';

export const ROW_FORMATS = ['jsonl', 'csv', 'timesketch'] as const;
export type RowFormat = (typeof ROW_FORMATS)[number];

export interface RowWriter {
  write(row: SignalRow): void;
}

/** The columns of the CSV: the fixed part, then every field of the event as JSON in one, so that they never move.
 * `@timestamp` is headed `timestamp`: a spreadsheet takes `@` for a formula. */
const CSV_COLUMNS = [...ROW_COLUMNS, 'event.fields'] as const;

/** What stands before the first row: the CSV header, nothing for the others. */
export function rowHead(format: RowFormat): string {
  return format === 'csv' ? csvRow(CSV_COLUMNS.map((name) => name.replace('@', ''))) : '';
}

/** One row with its line ending. */
export function rowText(format: RowFormat, row: SignalRow): string {
  if (format === 'jsonl') return `${JSON.stringify(row)}\n`;
  return format === 'csv' ? toCsv(row) : toTimesketch(row);
}

/**
 * A writer for one stream of rows.
 * @param options.head false for the second and later parts of one output.
 */
export function createWriter(
  format: RowFormat,
  sink: (text: string) => void,
  options: { readonly head?: boolean } = {},
): RowWriter {
  let isFirst = options.head !== false;
  return {
    write: (row) => {
      const head = isFirst ? rowHead(format) : '';
      isFirst = false;
      sink(head + rowText(format, row));
    },
  };
}

const FIXED: ReadonlySet<string> = new Set(ROW_COLUMNS);

function toCsv(row: SignalRow): string {
  const own = Object.fromEntries(Object.entries(row).filter(([name]) => !FIXED.has(name)));
  return csvRow([...ROW_COLUMNS.map((name) => String(row[name])), JSON.stringify(own)]);
}

/**
 * Timesketch wants `message`, `datetime` (ISO 8601 with an offset) and `timestamp_desc`, and takes `timestamp` in
 * microseconds (docs/guides/user/import-from-json-csv.md of google/timesketch). It refuses events without a time:
 * those are placed at the epoch and say so.
 */
function toTimesketch(row: SignalRow): string {
  const at = row['@timestamp'];
  const millis = Date.parse(at);
  const isTimed = at !== '' && !Number.isNaN(millis);
  const fraction = /\.(\d+)/.exec(at)?.[1] ?? '';
  const micros = isTimed
    ? Math.floor(millis / 1000) * 1_000_000 + Number(fraction.padEnd(6, '0').slice(0, 6))
    : 0;
  const decided = row['vigie.deciding'] === '' ? '' : `: ${row['vigie.deciding']}`;
  const event = Object.fromEntries(
    Object.entries(row).map(([name, value]) => [TIMESKETCH_NAMES.has(name) ? `event_${name}` : name, value]),
  );
  const line = {
    message: `[${row['rule.level']}] ${row['rule.name']}${decided}`,
    datetime: isTimed
      ? `${new Date(millis).toISOString().slice(0, 19)}.${fraction.padEnd(6, '0').slice(0, 6)}+00:00`
      : '1970-01-01T00:00:00+00:00',
    timestamp: micros,
    timestamp_desc: isTimed ? 'Event Time' : 'No time in the record',
    ...event,
    tag: row['rule.tags'] === '' ? [] : row['rule.tags'].split(','),
  };
  return `${JSON.stringify(line)}\n`;
}

const TIMESKETCH_NAMES: ReadonlySet<string> = new Set([
  'message',
  'datetime',
  'timestamp',
  'timestamp_desc',
  'tag',
]);
