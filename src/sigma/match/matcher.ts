/**
 * The live entry path: a normalised event in, the rules that match it out. The event is looked through for triggers
 * (`look.ts`); only rules whose trigger was seen are run.
 */
import type { Event, EventKind } from '../../model/event.ts';
import type { DetectionRule } from '../../model/sigma.ts';
import type { CompiledSet } from './compile.ts';
import { createEventSubject } from './event-subject.ts';
import { createLook, createScratch, type Scratch } from './look.ts';
import { createSelection } from './select.ts';
import { DOUBTFUL, YES } from './subject.ts';
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
