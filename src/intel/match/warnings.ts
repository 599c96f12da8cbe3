/**
 * Warning lists in the same kind of table as indicators, asked only about hits: is the value, or the indicator that hit
 * it, known to be benign? Parts and expressions are tried one by one, so their number is limited. It does not decide
 * what becomes of the hit.
 */
import { RE2JS } from 're2js';
import type { WarningList } from '../../model/content/warning-list.ts';
import type { Issue } from '../../model/issue.ts';
import type { Indicator, IntelWarning } from '../../model/live/intel.ts';
import { createTableBuilder, type TableRow } from '../table/build.ts';
import { FOREVER, KEY, type KeyType } from '../table/layout.ts';
import { MAX_FOUND, openTable, type Table } from '../table/look-up.ts';
import { refang } from '../values/canonical.ts';
import { formatIp, parseIpRange } from '../values/ip.ts';
import { asciiHost, canonicalUrl } from '../values/url.ts';

/** Answers remembered: the same value hits again and again. */
const MAX_REMEMBERED = 4096;
/** Parts and expressions of all lists together. */
const MAX_SLOW_ENTRIES = 2000;

interface ListMeta extends Omit<WarningList, 'values' | 'version' | 'source' | 'match'> {}
interface SlowEntry {
  readonly list: number;
  readonly text: string;
}
interface Meta {
  readonly lists: readonly ListMeta[];
  readonly parts: readonly SlowEntry[];
  readonly expressions: readonly SlowEntry[];
}

/** @returns the shared buffer; an entry that cannot be used is an issue */
export function buildWarnings(
  lists: readonly WarningList[],
  seed: number,
): { readonly buffer: SharedArrayBuffer; readonly issues: readonly Issue[] } {
  const builder = createTableBuilder(seed);
  const issues: Issue[] = [];
  const slow: { parts: SlowEntry[]; expressions: SlowEntry[] } = { parts: [], expressions: [] };
  for (const [number, list] of lists.entries()) {
    for (const [index, value] of list.values.entries()) {
      const isKept = addEntry(list, number, value);
      if (!isKept) issues.push(unusable(list, index, value));
    }
  }
  function addEntry(list: WarningList, number: number, value: string): boolean {
    // Most "parts" are whole host names, which a table holds better than a search through every text.
    const isHostPart = list.match === 'part' && /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(value);
    if ((list.match === 'part' && !isHostPart) || list.match === 'regex') {
      if (slow.parts.length + slow.expressions.length >= MAX_SLOW_ENTRIES) return false;
      const isRegex = list.match === 'regex';
      if (isRegex && compiled(value) === undefined) return false;
      slow[isRegex ? 'expressions' : 'parts'].push({
        list: number,
        text: isRegex ? value : value.toLowerCase(),
      });
      return true;
    }
    const entry = keyOf(list.match === 'part' ? 'host' : list.match, value);
    if (entry !== undefined) builder.add(warningRow(number, entry));
    return entry !== undefined;
  }
  const meta: Meta = { lists: lists.map(withoutValues), ...slow };
  return { buffer: builder.finish(meta), issues };
}

function unusable(list: WarningList, index: number, value: string): Issue {
  return {
    code: 'INTEL_BAD_VALUE',
    place: { path: list.id, pointer: `values.${index}` },
    params: {
      value,
      what: `a value for a list that compares by ${list.match}`,
      whatFr: `une valeur pour une liste comparant par ${list.match}`,
    },
  };
}

function withoutValues({ id, title, action, types }: WarningList): ListMeta {
  return { id, title, action, types };
}

function warningRow(list: number, entry: { type: KeyType; value: string }): TableRow {
  return { ...entry, list, confidence: 0, from: 0, until: FOREVER, tags: [] };
}

const HASH_BY_LENGTH: Readonly<Record<number, KeyType>> = { 32: KEY.md5, 40: KEY.sha1, 64: KEY.sha256 };

/** Where an entry is looked up: a host name with or without those below it, a range, a hash, an address… */
function keyOf(match: 'exact' | 'host' | 'range', raw: string): { type: KeyType; value: string } | undefined {
  const text = refang(raw);
  const range = parseIpRange(text);
  if (range !== undefined) return { type: KEY.ip, value: formatIp(range) };
  if (match === 'range') return undefined;
  const hash = /^[0-9a-f]+$/i.test(text) ? HASH_BY_LENGTH[text.length] : undefined;
  if (hash !== undefined) return { type: hash, value: text.toLowerCase() };
  if (text.includes('@') && !text.includes('/')) return { type: KEY.email, value: text.toLowerCase() };
  if (text.includes('/')) {
    const url = canonicalUrl(text);
    return url === undefined ? undefined : { type: KEY.url, value: url.text };
  }
  // A leading dot means the name and those below it; public suffixes are as good as any name here.
  const host = asciiHost(text.replace(/^(\*?\.)+/, ''));
  if (host === undefined || !/^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(host) || host.length > 253)
    return undefined;
  const isBelow = match === 'host' || /^\*?\./.test(text);
  return { type: isBelow && host.includes('.') ? KEY.domain : KEY.name, value: host };
}

function compiled(text: string): RE2JS | undefined {
  const slashed = /^\/(.*)\/([a-z]*)$/s.exec(text);
  try {
    return RE2JS.compile(slashed?.[1] ?? text, RE2JS.CASE_INSENSITIVE);
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

export interface Warnings {
  readonly entries: number;
  /** The first list, strictest action first, that knows the value or the indicator. */
  check(indicator: Indicator, value: string): IntelWarning | undefined;
}

export function openWarnings(buffer: SharedArrayBuffer): Warnings {
  const table = openTable(buffer);
  const meta = table.meta as unknown as Meta;
  const expressions = meta.expressions.flatMap(({ list, text }) => {
    const expression = compiled(text);
    return expression === undefined ? [] : [{ list, text, expression }];
  });
  const speaksOf = (list: number, { type }: Indicator): boolean =>
    meta.lists[list]?.types.includes(type) === true;
  const remembered = new Map<string, IntelWarning | undefined>();

  function check(indicator: Indicator, value: string): IntelWarning | undefined {
    const key = `${indicator.type} ${indicator.value} ${value}`;
    if (remembered.has(key)) return remembered.get(key);
    const answer = look(indicator, value);
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(key, answer);
    return answer;
  }

  function look(indicator: Indicator, value: string): IntelWarning | undefined {
    const found: { list: number; entry: string }[] = [];
    for (const text of indicator.value === value ? [value] : [value, indicator.value]) {
      for (const row of rowsFor(table, indicator, text)) {
        found.push({ list: table.sections.list[row] ?? 0, entry: table.valueAt(row) });
      }
      const low = text.toLowerCase();
      for (const part of meta.parts)
        if (low.includes(part.text)) found.push({ list: part.list, entry: part.text });
      for (const { list, text: entry, expression } of expressions) {
        if (speaksOf(list, indicator) && expression.matcher(text).find()) found.push({ list, entry });
      }
    }
    return strictest(meta.lists, found, indicator);
  }
  return { entries: table.rows + meta.parts.length + expressions.length, check };
}

function strictest(
  lists: readonly ListMeta[],
  found: readonly { list: number; entry: string }[],
  indicator: Indicator,
): IntelWarning | undefined {
  let best: IntelWarning | undefined;
  for (const { list: number, entry } of found) {
    const list = lists[number];
    if (list === undefined || !list.types.includes(indicator.type)) continue;
    if (best === undefined || (best.action === 'mark' && list.action === 'suppress')) {
      best = { listId: list.id, title: list.title, action: list.action, entry };
    }
  }
  return best;
}

function rowsFor(table: Table, { type }: Indicator, text: string): number[] {
  const out: number[] = [];
  if (type === 'ip') findRange(table, text, out);
  else if (type === 'domain') findHost(table, text, out);
  else if (type === 'url') {
    table.findUrl(text, out);
    findHost(table, canonicalUrl(text)?.host ?? '', out);
  } else if (type === 'email') {
    table.findText(KEY.email, text, out);
    findHost(table, text.slice(text.lastIndexOf('@') + 1), out);
  } else if (type !== 'imphash') table.findHash(KEY[type], text, out);
  return out.slice(0, MAX_FOUND);
}

function findHost(table: Table, host: string, out: number[]): void {
  table.findText(KEY.name, host, out);
  table.findDomain(host, out);
  table.findIp(host, out);
}

/** A listed range is benign only when a range of the warning list holds all of it. */
function findRange(table: Table, text: string, out: number[]): void {
  const range = parseIpRange(text);
  if (range === undefined) return;
  const rows: number[] = [];
  table.findIp(text.replace(/\/.*$/, ''), rows);
  for (const row of rows) {
    const around = parseIpRange(table.valueAt(row));
    if (around !== undefined && around.prefix <= range.prefix) out.push(row);
  }
}
