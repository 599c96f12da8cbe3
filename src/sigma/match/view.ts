/**
 * The rule set as one kind of event sees it: the rules that apply, field names resolved into slots, and for each slot
 * the literals whose sight triggers a rule. Made once per kind, on its first event. Does not read events.
 */
import type { EventKind, LogSource, LogSourceBinding } from '../../model/event.ts';
import type { DetectionRule } from '../../model/sigma.ts';
import { bindingsFor } from './applies.ts';
import type { LineMemory } from './line-memory.ts';
import { type Atom, type Clause, fieldAtoms, type Guards, keywordAtoms } from './necessary.ts';
import { compileProgram, oncePerEvent, type Program, type Workshop } from './program.ts';
import { createScanner, type Literal, type Scanner } from './scanner.ts';
import { sightOf } from './sight.ts';
import { ownName } from './values.ts';

/** A rule with what must be seen before it is worth evaluating; no clause: always evaluated. */
export interface TriggeredRule {
  /** Asked for when the rule first runs; it may be got only then. */
  readonly rule: DetectionRule;
  readonly logsource: LogSource;
  readonly trigger: Clause | undefined;
  /** Must be seen too. */
  readonly guards: Guards;
  /** Looked for too, to settle its tests. */
  readonly observed: Clause;
  /** Every field its searches look at: a view gives them slots before the rule is compiled, on its first trigger. */
  readonly fields: readonly string[];
}

/** A rule under one binding. */
export interface Candidate {
  /** Index of the rule in the set. */
  readonly rule: number;
  readonly run: Program;
  /** Of each list at least one trigger must have been seen. */
  readonly guards: readonly (readonly number[])[];
}

export interface Trigger {
  /** The slot, or -1 for anywhere in the record. */
  readonly slot: number;
  readonly how: Atom['how'];
  readonly text: string;
  /** Indices of the candidates it triggers. */
  readonly candidates: readonly number[];
}

export interface View {
  /** Slot → the own (or ECS) name looked up. */
  readonly slots: readonly string[];
  readonly candidates: readonly Candidate[];
  readonly triggers: readonly Trigger[];
  /** The candidates that are this rule, by its index in the set. */
  candidatesOf(rule: number): readonly number[];
  /** Candidates without a trigger. */
  readonly always: readonly number[];
  /** Ids of the triggers looked for in a slot; undefined where nothing is. */
  triggersOf(slot: number): readonly number[] | undefined;
  /** For UTF-8 text as it is. */
  readonly plain: ViewScanners;
  /** For the inside of JSON strings as `JSON.stringify` spells them; `anywhere` means the raw text of the record. */
  readonly json: ViewScanners;
  /** A number for the next event looked at through this view; predicates remember their answer under it. */
  nextSerial(): number;
}

/** The scanners of a view for one way of writing text, each made when first asked for: most slots are never filled. */
export interface ViewScanners {
  /** `undefined` where nothing is looked for. */
  ofSlot(slot: number): Scanner | undefined;
  anywhere(): Scanner | undefined;
}

/** @param memory where what is looked through is loaded; asked for when the first is */
export function createView(kind: EventKind, rules: readonly TriggeredRule[], memory: () => LineMemory): View {
  const slots = new Map<string, number>();
  const shared = new Map<string, Program>();
  const candidates: Candidate[] = [];
  const always: number[] = [];
  const triggers = createTriggerList();
  const unsettled: Unsettled[] = [];
  const slotOfName = (name: string): number => {
    const known = slots.get(name);
    if (known !== undefined) return known;
    slots.set(name, slots.size);
    return slots.size - 1;
  };
  const bindings = createBindings(kind);
  for (const [index, each] of rules.entries()) {
    const { logsource, trigger, guards, observed, fields } = each;
    const seenAs = new Set<string>();
    for (const binding of bindings(logsource)) {
      const slotOf = (field: string): number => slotOfName(ownName(binding, field));
      // Bindings that name every field of the rule alike would ask the same twice.
      const names = fields.map(slotOf).join();
      if (seenAs.has(names)) continue;
      seenAs.add(names);
      const workshop: Workshop = {
        slotOf,
        share: (key, make) => shareIn(shared, key, make),
        sightOf: (field, test) => {
          const clauses = field === undefined ? keywordAtoms(test) : fieldAtoms(field, test);
          return sightOf(test, clauses, (atom) => triggers.known(atom, slotOf));
        },
      };
      const idOf = (atom: Atom): number => triggers.idOf(atom, slotOf);
      const seen = guards.cheap.map((clause) => clause.map(idOf));
      unsettled.push({ guards: seen, others: guards.others, slotOf });
      const run = onFirstRun(() => compileProgram(each.rule, workshop));
      const at = candidates.push({ rule: index, run, guards: seen }) - 1;
      if (trigger === undefined) always.push(at);
      for (const atom of observed) idOf(atom);
      for (const atom of trigger ?? []) triggers.candidatesOf(idOf(atom)).push(at);
    }
  }
  for (const each of unsettled) settleGuards(each, triggers);
  const bySlot = groupBy(triggers.list, ({ slot }) => slot);
  const byRule = groupBy(candidates, ({ rule }) => rule);
  let serial = 0;
  return {
    slots: [...slots.keys()],
    candidates,
    triggers: triggers.list,
    always,
    candidatesOf: (rule) => byRule.get(rule) ?? [],
    triggersOf: (slot) => bySlot.get(slot),
    plain: createViewScanners(triggers.list, bySlot, { isJson: false, memory }),
    json: createViewScanners(triggers.list, bySlot, { isJson: true, memory }),
    nextSerial: () => ++serial,
  };
}

/** Rules share few log sources, which are compared once each. */
function createBindings(kind: EventKind): (logsource: LogSource) => readonly LogSourceBinding[] {
  const known = new Map<LogSource, readonly LogSourceBinding[]>();
  return (logsource) => {
    const bindings = known.get(logsource) ?? bindingsFor(logsource, kind);
    known.set(logsource, bindings);
    return bindings;
  };
}

/** Indices of the items, by a number each has. */
function groupBy<T>(items: readonly T[], keyOf: (item: T) => number): ReadonlyMap<number, readonly number[]> {
  const groups = new Map<number, number[]>();
  for (const [index, item] of items.entries()) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [index]);
    else group.push(index);
  }
  return groups;
}

/** A candidate's guards, to which others are added once all triggers are known. */
interface Unsettled {
  readonly guards: number[][];
  readonly others: readonly Clause[];
  readonly slotOf: (field: string) => number;
}

function settleGuards({ guards, others, slotOf }: Unsettled, triggers: TriggerList): void {
  for (const clause of others) {
    const ids = clause.map((atom) => triggers.known(atom, slotOf));
    if (ids.every((id) => id !== undefined)) guards.push(ids);
  }
}

/** Most rules of a view are never triggered: a program is made when it is first asked to run. */
function onFirstRun(make: () => Program): Program {
  let program: Program | undefined;
  return (subject) => {
    program ??= make();
    return program(subject);
  };
}

function shareIn(shared: Map<string, Program>, key: string, make: () => Program): Program {
  const known = shared.get(key);
  if (known !== undefined) return known;
  const made = oncePerEvent(make());
  shared.set(key, made);
  return made;
}

/** The slot of keywords. */
export const ANYWHERE = -1;

interface TriggerList {
  readonly list: readonly Trigger[];
  idOf(atom: Atom, slotOf: (field: string) => number): number;
  /** The id of a trigger filed before. */
  known(atom: Atom, slotOf: (field: string) => number): number | undefined;
  candidatesOf(id: number): number[];
}

function createTriggerList(): TriggerList {
  const list: (Trigger & { candidates: number[] })[] = [];
  const ids = new Map<string, number>();
  return {
    list,
    candidatesOf: (id) => list[id]?.candidates ?? [],
    known: (atom, slotOf) => ids.get(keyOf(atom, slotOf)),
    idOf(atom, slotOf) {
      const key = keyOf(atom, slotOf);
      const known = ids.get(key);
      if (known !== undefined) return known;
      ids.set(key, list.length);
      const slot = atom.field === undefined ? ANYWHERE : slotOf(atom.field);
      return list.push({ slot, how: atom.how, text: atom.text, candidates: [] }) - 1;
    },
  };
}

function keyOf({ field, how, text }: Atom, slotOf: (field: string) => number): string {
  return `${field === undefined ? ANYWHERE : slotOf(field)} ${how} ${text}`;
}

const utf8 = new TextEncoder();
function encodePlain(text: string): Uint8Array {
  return utf8.encode(text);
}

const BACKSLASH = 0x5c;
const QUOTE = 0x22;

/** As JSON writes it inside quotes, the common way. */
function encodeJson(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    const isItself = code >= 0x20 && code < 0x7f && code !== QUOTE && code !== BACKSLASH;
    if (!isItself) return utf8.encode(JSON.stringify(text).slice(1, -1));
    bytes[index] = code;
  }
  return bytes;
}

type Spelling = Pick<Literal, 'how' | 'bytes'>;

function spellPlain({ how, text }: Trigger): readonly Spelling[] {
  return [{ how, bytes: encodePlain(text) }];
}

/** Anywhere in a record means its raw text, so both spellings are looked for there. */
function spellJson(trigger: Trigger): readonly Spelling[] {
  const escaped = { how: trigger.how, bytes: encodeJson(trigger.text) };
  return trigger.slot === ANYWHERE ? [escaped, ...spellPlain(trigger)] : [escaped];
}

/** Literal ids are indices into the list of triggers. */
function createViewScanners(
  triggers: readonly Trigger[],
  bySlot: ReadonlyMap<number, readonly number[]>,
  { isJson, memory }: { readonly isJson: boolean; readonly memory: () => LineMemory },
): ViewScanners {
  const made = new Map<number, Scanner>();
  const spell = isJson ? spellJson : spellPlain;
  function scannerOf(slot: number): Scanner | undefined {
    const known = made.get(slot);
    if (known !== undefined) return known;
    const ids = bySlot.get(slot);
    if (ids === undefined) return undefined;
    const literals = ids.flatMap((id) =>
      distinct(spell(triggers[id] as Trigger)).map((spelling) => ({ ...spelling, id })),
    );
    const scanner = createScanner(literals, { escaped: isJson && slot !== ANYWHERE, memory: memory() });
    made.set(slot, scanner);
    return scanner;
  }
  return { ofSlot: scannerOf, anywhere: () => scannerOf(ANYWHERE) };
}

function distinct(spellings: readonly Spelling[]): readonly Spelling[] {
  if (spellings.length < 2) return spellings;
  return [...new Map(spellings.map((spelling) => [spelling.bytes.join(), spelling])).values()];
}
