/** Cells of one line, by field, made into what they say about one item; or the first of them that is not understood. */
import type { Issue, Place } from '../../model/issue.ts';
import {
  ASSET_KINDS,
  CRITICALITIES,
  ITEM_TYPES,
  type ItemDraft,
  type ItemKey,
  type ItemType,
} from '../../model/live/inventory.ts';
import {
  CRITICALITY_WORDS,
  DETAIL_FIELDS,
  type Field,
  KIND_WORDS,
  NO_WORDS,
  TYPE_WORDS,
  YES_WORDS,
} from './fields.ts';
import { accountKey, addressKey, emailKey, hostKey, macKey, plainWords, sidKey, sortKeys } from './keys.ts';

const MAX_TEXT_CHARS = 500;
/** Addresses, names and accounts of one item. */
const MAX_KEYS = 200;

export interface DraftLine {
  readonly place: Place;
  readonly draft: ItemDraft;
}

export type Cells = Readonly<Partial<Record<Field, string>>>;

/** Thrown and caught in this file: the line is refused as a whole, and says why. */
class Refused extends Error {
  readonly issue: Issue;
  constructor(issue: Issue) {
    super(issue.code);
    this.issue = issue;
  }
}

/** `type` is what the file is about when the line itself does not say. */
export function toDraft(cells: Cells, type: ItemType, place: Place): DraftLine | Issue {
  try {
    return { place, draft: draftOf(cells, typeOf(cells, type, place), place) };
  } catch (error) {
    if (error instanceof Refused) return error.issue;
    throw error;
  }
}

function draftOf(cells: Cells, type: ItemType, place: Place): ItemDraft {
  const keys = keysOf(cells, type, place);
  const name = nameOf(cells, type, keys);
  if (name === undefined || keys.length === 0) throw new Refused({ code: 'INVENTORY_NAMELESS', place });
  const details = DETAIL_FIELDS.flatMap((field) => {
    const text = cleanText(cells[field]);
    return text === undefined ? [] : [[field, text] as const];
  });
  return {
    type,
    name,
    kind:
      type === 'asset' ? word(cells, 'kind', { values: ASSET_KINDS, words: KIND_WORDS }, place) : undefined,
    criticality: word(cells, 'criticality', { values: CRITICALITIES, words: CRITICALITY_WORDS }, place),
    ward: cleanText(cells.ward),
    owner: cleanText(cells.owner),
    isPrivileged: flag(cells, 'privileged', place),
    isEnabled: flag(cells, 'enabled', place),
    details: Object.fromEntries(details),
    keys,
  };
}

function typeOf(cells: Cells, type: ItemType, place: Place): ItemType {
  return word(cells, 'type', { values: ITEM_TYPES, words: TYPE_WORDS }, place) ?? type;
}

/** One line, no control characters, bounded. */
function cleanText(text: string | undefined): string | undefined {
  const clean = (text ?? '')
    .toWellFormed()
    .replace(/[\u0000-\u001f\u007f-\u009f\s]+/g, ' ')
    .trim();
  return clean === '' ? undefined : [...clean].slice(0, MAX_TEXT_CHARS).join('');
}

function nameOf(cells: Cells, type: ItemType, keys: readonly ItemKey[]): string | undefined {
  const written = cleanText(type === 'ward' ? (cells.ward ?? cells.name) : cells.name);
  const first = cleanText(cells.firstName);
  if (written !== undefined)
    return type === 'person' && first !== undefined ? `${first} ${written}` : written;
  return cleanText(cells.host ?? cells.fqdn ?? cells.account ?? cells.email) ?? keys[0]?.value;
}

const ASSETS: readonly ItemType[] = ['asset'];
const SOMEBODY: readonly ItemType[] = ['person', 'account'];

/** Fields whose every value must be understood, with the reader of each. */
const KEY_READERS: readonly {
  readonly field: Field;
  readonly expected: string;
  readonly read: (text: string) => ItemKey | undefined;
  readonly types: readonly ItemType[];
}[] = [
  { field: 'host', expected: 'pc-12', read: hostKey, types: ASSETS },
  { field: 'fqdn', expected: 'pc-12.chu.example', read: hostKey, types: ASSETS },
  { field: 'address', expected: '10.1.2.3', read: addressKey, types: ASSETS },
  { field: 'mac', expected: '00:11:22:aa:bb:cc', read: macKey, types: ASSETS },
  { field: 'account', expected: 'CHU\\dupont', read: accountKey, types: SOMEBODY },
  { field: 'sid', expected: 'S-1-5-21-…', read: sidKey, types: [...SOMEBODY, ...ASSETS] },
  { field: 'email', expected: 'nom@chu.example', read: emailKey, types: SOMEBODY },
];

function keysOf(cells: Cells, type: ItemType, place: Place): ItemKey[] {
  const keys: ItemKey[] = [];
  for (const { field, expected, read, types } of KEY_READERS) {
    if (!types.includes(type)) continue;
    // An account may hold spaces; nothing else may.
    const parts = (cells[field] ?? '').split(field === 'account' ? /[,;|]/ : /[\s,;|]+/);
    for (const value of parts.filter((part) => part.trim() !== '')) {
      const key = read(value);
      if (key === undefined) throw refuseValue(field, value, expected, place);
      keys.push(key);
    }
  }
  if (keys.length > MAX_KEYS) throw refuseValue('address', `${keys.length}`, `1…${MAX_KEYS}`, place);
  for (const part of type === 'asset' ? (cells.serial ?? '').split(/[;|]/) : []) {
    const serial = cleanText(part);
    if (serial !== undefined) keys.push({ kind: 'serial', value: serial.toLowerCase() });
  }
  return sortKeys([...keys, ...keysOfName(cells, type, keys)]);
}

/** A name is a key where it is all there is: a machine named as one, a ward. */
function keysOfName(cells: Cells, type: ItemType, keys: readonly ItemKey[]): readonly ItemKey[] {
  if (type === 'ward') {
    const value = plainWords(cells.ward ?? cells.name ?? '');
    return value === '' ? [] : [{ kind: 'ward', value }];
  }
  const isNamed = keys.some((key) => !['address', 'mac', 'email'].includes(key.kind));
  if (isNamed) return [];
  const name = cells.name ?? '';
  const key = type === 'asset' ? hostKey(name) : type === 'account' ? accountKey(name) : undefined;
  return key === undefined ? [] : [key];
}

function word<T extends string>(
  cells: Cells,
  field: Field,
  known: { readonly values: readonly T[]; readonly words: Readonly<Record<T, readonly string[]>> },
  place: Place,
): T | undefined {
  const text = plainWords(cells[field] ?? '');
  if (text === '') return undefined;
  const found =
    known.values.find((value) => plainWords(value) === text) ??
    known.values.find((value) => known.words[value].includes(text));
  if (found === undefined) throw refuseValue(field, cells[field] ?? '', known.values.join(', '), place);
  return found;
}

function flag(cells: Cells, field: Field, place: Place): boolean | undefined {
  const text = plainWords(cells[field] ?? '');
  if (text === '') return undefined;
  if (YES_WORDS.includes(text)) return true;
  if (NO_WORDS.includes(text)) return false;
  throw refuseValue(field, cells[field] ?? '', 'yes, no', place);
}

function refuseValue(field: Field, value: string, expected: string, place: Place): Refused {
  const shown = cleanText(value)?.slice(0, 80) ?? '';
  return new Refused({ code: 'INVENTORY_VALUE', place, params: { column: field, value: shown, expected } });
}
