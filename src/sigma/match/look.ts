/**
 * Looks a normalised event through for triggers. Values of watched fields are written as bytes into a scratch buffer,
 * where the view's scanners look, unless the same value came before. Keywords may stand in any text of the event: most
 * texts are short, so they are laid end to end and looked through at once.
 */
import { Buffer } from 'node:buffer';
import type { Event, EventKind } from '../../model/event.ts';
import { type EventSubject, hardNames, scalarSlot } from './event-subject.ts';
import type { Ids } from './ids.ts';
import type { LineMemory } from './line-memory.ts';
import { type Scanner, type Span, spanOf } from './scanner.ts';
import type { SlotValue } from './subject.ts';
import { createValueMemories, type ValueMemory } from './value-memory.ts';
import { everyLeaf, type Leaf, leafText } from './values.ts';
import { ANYWHERE, type View } from './view.ts';

/** Bytes of one text at a time: in the memory of lines, those too long for it apart. What lanes share. */
export interface Scratch {
  write(text: string): number;
  /** Where the text written last is, from 0 on. */
  span(): Span;
  /** The text as one of its own, when its bytes are what was written last and it is of ASCII; else undefined. */
  copy(text: string): string | undefined;
  readonly createMemory: () => ValueMemory;
}

export function createScratch(memory: LineMemory): Scratch {
  const inMemory = spanOf(memory.bytes);
  let apart = spanOf(Buffer.alloc(0));
  let last = inMemory;
  let size = 0;
  return {
    createMemory: createValueMemories(),
    span: () => last,
    write(text) {
      last = inMemory;
      size = memory.loadText(text);
      if (size !== -1) return size;
      if (text.length * 3 > apart.bytes.length) apart = spanOf(Buffer.allocUnsafe(text.length * 3));
      last = apart;
      size = (apart.bytes as Buffer).write(text, 0, 'utf8');
      return size;
    },
    copy(text) {
      if (size !== text.length) return undefined;
      return (last.bytes as Buffer).toString('latin1', 0, size);
    },
  };
}

/** Texts in which keywords are looked for. */
interface Anywhere {
  readonly scanner: Scanner | undefined;
  take(leaf: Leaf): void;
  /** Looks through what was taken and not yet looked through. */
  finish(): void;
}

const IDLE: Anywhere = { scanner: undefined, take: () => {}, finish: () => {} };

/** Longer texts are looked through one by one. */
const SHORT = 1_024;
/** So many units laid end to end are looked through. */
const ENOUGH = 8_192;

function createAnywhere(view: View, scratch: Scratch, fired: Ids): Anywhere {
  const scanner = view.plain.anywhere();
  if (scanner === undefined) return IDLE;
  const literals = (view.triggersOf(ANYWHERE) ?? []).map((id) => view.triggers[id]?.text ?? '');
  const shortest = literals.reduce((least, { length }) => Math.min(least, length), Number.POSITIVE_INFINITY);
  const asksWords = literals.some(isInWord);
  /** Where two meet, a literal may be seen that is in neither: what is seen says only that it may be there. */
  let texts = '';
  const scan = (text: string): void => {
    const size = scratch.write(text);
    scanner.scan(scratch.span(), 0, size, fired);
  };
  const finish = (): void => {
    if (texts === '') return;
    scan(texts);
    texts = '';
  };
  return {
    scanner,
    finish,
    take(leaf) {
      if (typeof leaf !== 'string' && !asksWords) return;
      const text = leafText(leaf);
      if (text === undefined || text.length < shortest) return;
      if (text.length > SHORT) {
        scan(text);
        return;
      }
      texts += text;
      if (texts.length > ENOUGH) finish();
    },
  };
}

/** Whether the literal may stand in the text of a number, a boolean. */
function isInWord(literal: string): boolean {
  return /^[-+.\de]+$/.test(literal) || 'true false infinity nan'.includes(literal);
}

/** A field as events of one kind carry it. */
interface Field {
  readonly name: string;
  /** The slot that holds what is under this name and nothing else; -1 where none is watched. */
  readonly slot: number;
  /** Its texts are looked through as a slot's value. */
  readonly isWatched: boolean;
}

/** Fields in one event that are known again by their place; names that are kept so. */
const MOST_PLACES = 256;
const LONGEST_NAME = 256;

/** The fields of events of one kind by name; most often, one has the place that it had in the event before. */
function createFields(kind: EventKind, { slots, triggersOf }: View) {
  const isHard = hardNames(kind);
  const watched = slots.flatMap((_, slot) => (triggersOf(slot) === undefined ? [] : [slot]));
  const byName = new Map(
    watched.map((slot): [string, Field] => {
      const name = slots[slot] as string;
      return [name, { name, slot: isHard(name) ? -1 : slot, isWatched: true }];
    }),
  );
  const places: Field[] = [];
  return {
    /** Slots that more than one name fills. */
    hard: watched.filter((slot) => isHard(slots[slot] as string)),
    fieldAt(place: number, name: string): Field {
      const before = places[place];
      if (before !== undefined && before.name === name) return before;
      const field = byName.get(name) ?? { name, slot: -1, isWatched: false };
      if (place < MOST_PLACES && name.length <= LONGEST_NAME) places[place] = field;
      return field;
    },
  };
}

export type Look = (event: Event, subject: EventSubject) => void;

/** Looks for triggers in the slots that have some, and everywhere when there are keywords. */
export function createLook(kind: EventKind, view: View, scratch: Scratch, fired: Ids): Look {
  const { hard, fieldAt } = createFields(kind, view);
  const anywhere = createAnywhere(view, scratch, fired);
  const hasKeywords = anywhere.scanner !== undefined;
  const takeLeaf = (leaf: Leaf): boolean => {
    anywhere.take(leaf);
    return false;
  };
  const memories: (ValueMemory | undefined)[] = view.slots.map(() => undefined);
  const scanText = (scanner: Scanner | undefined, text: string): void => {
    const size = scratch.write(text);
    scanner?.scan(scratch.span(), 0, size, fired);
    anywhere.scanner?.scan(scratch.span(), 0, size, fired);
  };
  const scanSlot = (slot: number, { values, prepared }: SlotValue): void => {
    if (!values.present) return;
    const scanner = view.plain.ofSlot(slot);
    if (prepared.length === 0) scanText(scanner, '');
    for (const { text } of prepared) scanText(scanner, text ?? '');
  };
  /** A value of a watched field, which may be one that came before. */
  const lookAt = (leaf: string | number, slot: number, subject: EventSubject): void => {
    memories[slot] ??= scratch.createMemory();
    const memory = memories[slot] as ValueMemory;
    const known = memory.get(leaf);
    if (known !== undefined) {
      subject.give(slot, known.value);
      for (const id of known.ids) fired.push(id);
      return;
    }
    const before = fired.size;
    const value = subject.slot(slot);
    scanSlot(slot, value);
    if (!memory.wants(leaf)) return;
    const kept = typeof leaf === 'string' ? scratch.copy(leaf) : leaf;
    if (kept === undefined) return;
    const its = typeof leaf === 'number' ? value : scalarSlot(kept);
    memory.put(kept, { value: its, ids: fired.from(before) });
  };
  return (event, subject) => {
    for (const slot of hard) scanSlot(slot, subject.slot(slot));
    if (hasKeywords && event.text !== undefined) anywhere.take(event.text);
    const { fields } = event;
    const names = Object.keys(fields);
    for (let place = 0; place < names.length; place++) {
      const { name, slot, isWatched } = fieldAt(place, names[place] as string);
      if (slot === -1 && !hasKeywords) continue;
      const value = fields[name];
      if (slot !== -1) {
        if (typeof value === 'string' || typeof value === 'number') lookAt(value, slot, subject);
        else scanSlot(slot, subject.slot(slot));
      }
      // What a slot holds was looked through as its value.
      if (hasKeywords && !(isWatched && typeof value === 'string')) everyLeaf(value, takeLeaf);
    }
    anywhere.finish();
  };
}
