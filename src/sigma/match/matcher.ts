/**
 * The live entry path: a normalised event in, the rules that match it out. The event's texts are written as bytes
 * into a scratch buffer, where the view's scanners look for triggers; only rules whose trigger was seen are run.
 */
import { Buffer } from 'node:buffer';
import type { Event, EventKind } from '../../model/event.ts';
import type { DetectionRule } from '../../model/sigma.ts';
import type { CompiledSet } from './compile.ts';
import { createEventSubject, type EventSubject, hardNames, scalarSlot } from './event-subject.ts';
import type { LineMemory } from './line-memory.ts';
import { type Scanner, type Span, spanOf } from './scanner.ts';
import { createSelection } from './select.ts';
import { DOUBTFUL, type SlotValue, YES } from './subject.ts';
import { createValueMemories, type ValueMemory } from './value-memory.ts';
import { everyLeaf, type Leaf, leafText } from './values.ts';
import type { Candidate, View } from './view.ts';

/** What a look at raw bytes told of an event: indices of rules, each at most once in a list, none other can match. */
export interface Suspects {
  /** They match. */
  readonly sure: readonly number[];
  /** They may. */
  readonly open: readonly number[];
}

export interface Matcher {
  /**
   * The rules that match, in the set's order, each at most once.
   * @param among what is known before (`BytesFilter.suspects`): only what is open is tried
   */
  match(event: Event, among?: Suspects): readonly DetectionRule[];
}

const NONE: readonly DetectionRule[] = [];
const NO_IDS: readonly number[] = [];

/** @example createMatcher(compileRules(rules)).match(event).map((rule) => rule.title) */
export function createMatcher(set: CompiledSet): Matcher {
  const lanes = new WeakMap<EventKind, Lane>();
  const scratch = createScratch(set.lineMemory());
  const match = (event: Event, among?: Suspects): readonly DetectionRule[] => {
    let lane = lanes.get(event.kind);
    if (lane === undefined) {
      lane = createLane(event.kind, set.viewOf(event.kind), scratch);
      lanes.set(event.kind, lane);
    }
    const matched = among === undefined ? lane.all(event) : lane.among(event, among);
    if (matched.length === 0) return NONE;
    return [...new Set(matched)].sort((a, b) => a - b).map((index) => set.ruleAt(index));
  };
  return { match };
}

/** Bytes of one text at a time: in the memory of lines, those too long for it apart. What lanes share. */
interface Scratch {
  write(text: string): number;
  /** Where the text written last is, from 0 on. */
  span(): Span;
  /** The text as one of its own, when its bytes are what was written last and it is of ASCII; else undefined. */
  copy(text: string): string | undefined;
  readonly createMemory: () => ValueMemory;
}

function createScratch(memory: LineMemory): Scratch {
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

/** Both give indices of rules that match, perhaps more than once. */
interface Lane {
  all(event: Event): readonly number[];
  among(event: Event, suspects: Suspects): readonly number[];
}

const IDLE: Lane = { all: () => [], among: () => [] };

function createLane(kind: EventKind, view: View, scratch: Scratch): Lane {
  if (view.candidates.length === 0) return IDLE;
  const selection = createSelection(view);
  const look = createLook(kind, view, scratch, selection.fired);
  const subject = createEventSubject(kind, view);
  /** Nothing was looked for, so that anything may be there. */
  const unseen = new Uint8Array(view.triggers.length).fill(DOUBTFUL);
  let matched: number[] = [];
  const run = (at: number): void => {
    const candidate = view.candidates[at] as Candidate;
    if (candidate.run(subject) === YES) matched.push(candidate.rule);
  };
  return {
    all(event) {
      matched = [];
      const serial = view.nextSerial();
      selection.reset();
      look(event, subject.take(event, serial, selection.sights));
      selection.each(run);
      return matched;
    },
    among(event, { sure, open }) {
      matched = [...sure];
      if (open.length === 0) return matched;
      subject.take(event, view.nextSerial(), unseen);
      for (const rule of open) for (const at of view.candidatesOf(rule)) run(at);
      return matched;
    },
  };
}

type Look = (event: Event, subject: EventSubject) => void;

/** Looks for triggers in the slots that have some, and everywhere when there are keywords. */
function createLook(kind: EventKind, view: View, scratch: Scratch, fired: number[]): Look {
  const { slots, triggersOf, plain } = view;
  const watched = slots.flatMap((_, slot) => (triggersOf(slot) === undefined ? [] : [slot]));
  const isHard = hardNames(kind);
  const hard = watched.filter((slot) => isHard(slots[slot] as string));
  /** The others by name: an event has few fields of its own, a view watches hundreds. */
  const own = new Map(watched.map((slot) => [slots[slot] as string, slot]));
  for (const slot of hard) own.delete(slots[slot] as string);
  const hardSet = new Set(hard.map((slot) => slots[slot] as string));
  const scanners: (Scanner | undefined)[] = slots.map(() => undefined);
  const memories: (ValueMemory | undefined)[] = slots.map(() => undefined);
  const anywhere = plain.anywhere();
  const scanText = (scanner: Scanner | undefined, text: string): void => {
    const size = scratch.write(text);
    scanner?.scan(scratch.span(), 0, size, fired);
    anywhere?.scan(scratch.span(), 0, size, fired);
  };
  const scanLeaf = (leaf: Leaf): boolean => {
    const text = leafText(leaf);
    if (text !== undefined) scanText(undefined, text);
    return false;
  };
  const scanSlot = (slot: number, { values, prepared }: SlotValue): void => {
    if (!values.present) return;
    scanners[slot] ??= plain.ofSlot(slot);
    if (prepared.length === 0) scanText(scanners[slot], '');
    for (const { text } of prepared) scanText(scanners[slot], text ?? '');
  };
  /** A value of an own field, which may be one that came before. */
  const scanLeafOf = (slot: number, leaf: string | number, subject: EventSubject): void => {
    memories[slot] ??= scratch.createMemory();
    const memory = memories[slot] as ValueMemory;
    const known = memory.get(leaf);
    if (known !== undefined) {
      subject.give(slot, known.value);
      for (const id of known.ids) fired.push(id);
      return;
    }
    const before = fired.length;
    const value = subject.slot(slot);
    scanSlot(slot, value);
    if (!memory.wants(leaf)) return;
    const kept = typeof leaf === 'string' ? scratch.copy(leaf) : leaf;
    if (kept === undefined) return;
    const its = typeof leaf === 'number' ? value : scalarSlot(kept);
    memory.put(kept, { value: its, ids: fired.length === before ? NO_IDS : fired.slice(before) });
  };
  return (event, subject) => {
    for (const slot of hard) scanSlot(slot, subject.slot(slot));
    if (anywhere !== undefined && event.text !== undefined) scanText(undefined, event.text);
    for (const name of Object.keys(event.fields)) {
      const slot = own.get(name);
      const value = event.fields[name];
      if (slot !== undefined) {
        if (typeof value === 'string' || typeof value === 'number') scanLeafOf(slot, value, subject);
        else scanSlot(slot, subject.slot(slot));
      }
      if (anywhere === undefined) continue;
      // What a slot holds was looked through as its value.
      const isLooked = typeof value === 'string' && (slot !== undefined || hardSet.has(name));
      if (!isLooked) everyLeaf(value, scanLeaf);
    }
  };
}
