/**
 * A normalised event as the compiled rules ask about it. Slots are read when first asked for, and only those that were
 * are forgotten before the next event: a view has hundreds, an event fills a few.
 */
import type { Event, EventKind } from '../../model/event.ts';
import { EMPTY_SLOT, NO, type Sights, type SlotValue, type Subject, slotValueOf, YES } from './subject.ts';
import { type LeafTest, type Prepared, prepare } from './value-test.ts';
import { everyLeaf, type Leaf, readValues } from './values.ts';
import type { View } from './view.ts';

export interface EventSubject extends Subject {
  slot(index: number): SlotValue;
  /** What a slot would be read as: known from an earlier event with the same value. */
  give(index: number, value: SlotValue): void;
  take(event: Event, serial: number, sights: Sights): EventSubject;
}

export function createEventSubject(kind: EventKind, view: View): EventSubject {
  const readers = view.slots.map((name) => createReader(kind, name));
  const taken: (SlotValue | undefined)[] = readers.map(() => undefined);
  /** Slots that were read for this event: so many, these. */
  let reads = 0;
  const read = new Int32Array(readers.length);
  let event: Event | undefined;
  let text: Prepared | undefined;
  /** Leaves of the event, once a keyword asked for them: many keywords fold each once. */
  let leaves: Prepared[] | undefined;
  const subject = {
    serial: 0,
    sights: new Uint8Array() as Sights,
    take(next: Event, serial: number, sights: Sights) {
      event = next;
      text = next.text === undefined ? undefined : prepare(next.text);
      leaves = undefined;
      for (let at = 0; at < reads; at++) taken[read[at] as number] = undefined;
      reads = 0;
      subject.serial = serial;
      subject.sights = sights;
      return subject;
    },
    slot(index: number): SlotValue {
      const known = taken[index];
      if (known !== undefined) return known;
      const reader = readers[index];
      const value = event === undefined || reader === undefined ? EMPTY_SLOT : reader(event);
      taken[index] = value;
      if (reader !== undefined) read[reads++] = index;
      return value;
    },
    give(index: number, value: SlotValue) {
      if (taken[index] !== undefined) return;
      taken[index] = value;
      read[reads++] = index;
    },
    anywhere({ test }: LeafTest) {
      if (event === undefined) return NO;
      // What a keyword is in, is most often the text: the leaves are got only when it is not.
      if (text !== undefined && test(text)) return YES;
      leaves ??= leavesOf(event);
      return leaves.some(test) ? YES : NO;
    },
  };
  return subject;
}

function leavesOf({ fields }: Event): Prepared[] {
  const all: Prepared[] = [];
  everyLeaf(fields, (leaf) => {
    all.push(prepare(leaf));
    return false;
  });
  return all;
}

type Reader = (event: Event) => SlotValue;

/** Names that only a look-up along dots, in ECS or in the time could find when there is no such key. */
export function hardNames(kind: EventKind): (name: string) => boolean {
  const ecs = new Set(kind.ecsNames);
  return (name) => name.includes('.') || name === '@timestamp' || ecs.has(name);
}

/** The same as `readValues`, with what can be known of the name and the kind beforehand. */
function createReader(kind: EventKind, name: string): Reader {
  const words = name.split('.');
  // A walk along dots begins with one of these keys; the last is the name itself.
  const heads = words.map((_, index) => words.slice(0, index + 1).join('.'));
  const isElsewhere = name === '@timestamp' || kind.ecsNames.includes(name);
  return (event) => {
    const { fields } = event;
    for (const head of heads) {
      if (!Object.hasOwn(fields, head)) continue;
      const value = fields[head];
      return isScalar(value) && head === name ? scalarSlot(value) : slotValueOf(readValues(event, name));
    }
    return isElsewhere ? slotValueOf(readValues(event, name)) : EMPTY_SLOT;
  };
}

function isScalar(value: unknown): value is Exclude<Leaf, symbol> {
  return value === null || (typeof value !== 'object' && value !== undefined);
}

/** Most values, in as little memory as they need. */
export function scalarSlot(leaf: Leaf): SlotValue {
  return { values: { present: true, leaves: [leaf] }, prepared: [prepare(leaf)] };
}
