/** Unfolds lists of names and values (and the XML text of Windows event data) into own names. */
import type { Envelope } from '../model/content/source.ts';
import type { FieldValue } from '../model/event.ts';
import { isObject, strictValue, textOf, words } from './access.ts';

type Own = Record<string, FieldValue>;
type Place = (name: string, value: FieldValue) => void;
type Pair = Envelope['pairs'][number];

/** More than any event has. */
const MAX_DATA = 1000;

/** Unfolds one list; it is removed when every item became a name of its own. */
export function unfold(pair: Pair, own: Own, place: Place): void {
  const list = strictValue(own, words(pair.path));
  if (list === undefined || list === null) return;
  const items = typeof list === 'string' ? dataOf(list) : itemsOf(list, pair);
  if (items.length === 0) return;
  const seen = new Set<string>();
  let complete = true;
  for (const { name, value } of items) {
    if (name === undefined || name === '' || seen.has(name)) complete = false;
    else {
      seen.add(name);
      place(name, value);
    }
  }
  if (complete && Object.hasOwn(own, pair.path)) delete own[pair.path];
}

interface Item {
  readonly name: string | undefined;
  readonly value: FieldValue;
}

function itemsOf(list: FieldValue, pair: Pair): Item[] {
  const items = Array.isArray(list) ? (list as readonly FieldValue[]) : [list];
  const name = words(pair.name);
  const value = words(pair.value);
  return items.map((item) =>
    isObject(item)
      ? { name: textOf(strictValue(item, name)), value: strictValue(item, value) ?? null }
      : { name: undefined, value: null },
  );
}

/** The named `Data` elements of Windows event data. */
function dataOf(xml: string): Item[] {
  if (!xml.trimStart().startsWith('<')) return [];
  const items: Item[] = [];
  const element = /<Data\s+Name=(?:"([^"<>]{0,500})"|'([^'<>]{0,500})')\s*(?:\/>|>([^<]*)<\/Data>)/g;
  for (const match of xml.matchAll(element)) {
    if (items.length >= MAX_DATA) break;
    items.push({ name: entities(match[1] ?? match[2] ?? ''), value: entities(match[3] ?? '') });
  }
  return items;
}

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function entities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w{2,4}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return NAMED[String(name)] ?? whole;
    const code = decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
