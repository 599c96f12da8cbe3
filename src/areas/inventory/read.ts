/**
 * An inventory file as drafts: CSV (also as spreadsheets and CSVDE write it) or LDIF, told by its content. A bad line is
 * an issue with its number and stops no other.
 */
import { csvDelimiter, readCsv } from '../../lib/csv-read.ts';
import type { Issue } from '../../model/issue.ts';
import type { ItemType } from '../../model/live/inventory.ts';
import { fromDirectory } from './directory.ts';
import { type Cells, type DraftLine, toDraft } from './draft.ts';
import { COLUMN_NAMES, FIELDS, type Field } from './fields.ts';
import { plainWords } from './keys.ts';
import { looksLikeLdif, readLdif } from './ldif.ts';

export const MAX_FILE_BYTES = 128 * 1024 * 1024;
const MAX_LINES = 200_000;
/** Reported one by one; more are only counted. */
const MAX_ISSUES = 1000;

export interface ReadOptions {
  /** Name of the file, for the places of issues. */
  readonly file: string;
  /** What the lines are about when they do not say; absent: told by the columns. */
  readonly type?: ItemType | undefined;
  /** `COLUMN=field`, for columns with names of their own. */
  readonly map?: readonly string[];
}

export interface InventoryRead {
  readonly lines: readonly DraftLine[];
  /** At most 1,000. */
  readonly issues: readonly Issue[];
  readonly refused: number;
  /** Directory entries that are neither a machine nor somebody. */
  readonly passedOver: number;
}

interface Collector {
  readonly lines: DraftLine[];
  readonly issues: Issue[];
  refused: number;
  passedOver: number;
}

export function readInventoryFile(bytes: Uint8Array, options: ReadOptions): InventoryRead {
  const read: Collector = { lines: [], issues: [], refused: 0, passedOver: 0 };
  if (bytes.length > MAX_FILE_BYTES) {
    refuse(read, limitIssue(options, `${MAX_FILE_BYTES / 1024 / 1024} MB`, ''));
    return read;
  }
  const text = decode(bytes);
  if (looksLikeLdif(text)) readDirectory(text, options, read);
  else readTable(text, options, read);
  return read;
}

/** UTF-8 or UTF-16 with its mark; else what a French spreadsheet writes. */
function decode(bytes: Uint8Array): string {
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (isUtf16) return new TextDecoder(bytes[0] === 0xff ? 'utf-16le' : 'utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

function refuse(read: Collector, issue: Issue): void {
  read.refused += 1;
  if (read.issues.length < MAX_ISSUES) read.issues.push(issue);
}

function take(read: Collector, draft: DraftLine | Issue): void {
  if ('draft' in draft) read.lines.push(draft);
  else refuse(read, draft);
}

function limitIssue(options: ReadOptions, limit: string, what: string): Issue {
  return { code: 'INVENTORY_LIMIT', place: { path: options.file }, params: { limit, what } };
}

function readDirectory(text: string, options: ReadOptions, read: Collector): void {
  for (const entry of readLdif(text)) {
    const place = { path: options.file, line: entry.line };
    if ('reason' in entry) {
      refuse(read, { code: 'INVENTORY_LINE', place, params: { reason: entry.reason } });
      continue;
    }
    if (read.lines.length >= MAX_LINES) {
      refuse(read, limitIssue(options, String(MAX_LINES), 'entries'));
      return;
    }
    const found = fromDirectory(entry);
    if (found === undefined) read.passedOver += 1;
    else take(read, toDraft(found.cells, found.type, place));
  }
}

function readTable(text: string, options: ReadOptions, read: Collector): void {
  const delimiter = csvDelimiter(text);
  const records = readCsv(text, delimiter);
  const header = records.next();
  const names = header.done === true ? [] : header.value.cells;
  const isCsvde =
    plainWords(names[0] ?? '') === 'dn' && names.some((name) => /^objectclass$/i.test(name.trim()));
  const columns = isCsvde ? [] : columnsOf(names, options, read);
  if (columns === undefined) return;
  const type = options.type ?? typeOfColumns(columns);
  for (const { line, cells } of records) {
    const place = { path: options.file, line };
    if (read.lines.length >= MAX_LINES) {
      refuse(read, limitIssue(options, String(MAX_LINES), 'lines'));
      return;
    }
    if (cells.length > names.length && cells.slice(names.length).some((cell) => cell.trim() !== '')) {
      const reason = `${cells.length} > ${names.length}`;
      refuse(read, { code: 'INVENTORY_LINE', place, params: { reason } });
    } else if (isCsvde) takeCsvde(names, { line, cells }, options, read);
    else take(read, toDraft(cellsOf(columns, cells), type, place));
  }
}

/** CSVDE writes the attributes of a directory as columns, several values parted by semicolons. */
function takeCsvde(
  names: readonly string[],
  record: { readonly line: number; readonly cells: readonly string[] },
  options: ReadOptions,
  read: Collector,
): void {
  const attributes = new Map(
    names.map((name, index) => {
      const cell = record.cells[index] ?? '';
      return [
        name.trim().toLowerCase(),
        /^objectclass$/i.test(name) ? cell.split(';') : cell === '' ? [] : [cell],
      ];
    }),
  );
  const found = fromDirectory({ line: record.line, attributes });
  if (found === undefined) read.passedOver += 1;
  else take(read, toDraft(found.cells, found.type, { path: options.file, line: record.line }));
}

/** The field of each column; undefined for those of no use here. Undefined as a whole: nothing names anything. */
function columnsOf(
  names: readonly string[],
  options: ReadOptions,
  read: Collector,
): readonly (Field | undefined)[] | undefined {
  const columns = names.map((name) => fieldOf(plainWords(name)));
  for (const what of options.map ?? []) {
    const [, column, field] = /^(.*)=(\w+)$/.exec(what) ?? [];
    const index = names.findIndex((name) => plainWords(name) === plainWords(column ?? ''));
    const target = FIELDS.find((known) => known === field);
    if (index === -1 || target === undefined) {
      const params = { what, fields: FIELDS.join(', ') };
      refuse(read, { code: 'INVENTORY_MAP', place: { path: options.file, line: 1 }, params });
      return undefined;
    }
    columns[index] = target;
  }
  const naming: readonly Field[] = ['name', 'host', 'fqdn', 'address', 'account', 'sid', 'email', 'ward'];
  if (columns.some((field) => field !== undefined && naming.includes(field))) return columns;
  const params = { columns: names.slice(0, 20).join(', ').slice(0, 300) };
  refuse(read, { code: 'INVENTORY_HEADER', place: { path: options.file, line: 1 }, params });
  return undefined;
}

function fieldOf(words: string): Field | undefined {
  return (
    FIELDS.find((field) => plainWords(field) === words) ??
    FIELDS.find((field) => COLUMN_NAMES[field].includes(words))
  );
}

/** Accounts make people, machines' names and addresses make machines, a ward alone is a ward. */
function typeOfColumns(columns: readonly (Field | undefined)[]): ItemType {
  const has = (fields: readonly Field[]): boolean => fields.some((field) => columns.includes(field));
  if (has(['host', 'fqdn', 'address', 'mac', 'serial'])) return 'asset';
  if (has(['account', 'email', 'firstName', 'sid'])) return 'person';
  return has(['ward']) && !has(['name', 'kind']) ? 'ward' : 'asset';
}

/** Columns of the same field are joined, so that a file may have `IP 1` mapped beside `IP`. */
function cellsOf(columns: readonly (Field | undefined)[], cells: readonly string[]): Cells {
  const byField: Partial<Record<Field, string>> = {};
  for (const [index, field] of columns.entries()) {
    // Behind an apostrophe is what a spreadsheet would have run as a formula.
    const cell = (cells[index]?.trim() ?? '').replace(/^'(?=[=+\-@])/, '');
    if (field === undefined || cell === '') continue;
    const earlier = byField[field];
    byField[field] = earlier === undefined ? cell : `${earlier}; ${cell}`;
  }
  return byField;
}
