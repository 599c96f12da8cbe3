/**
 * Prepared rules as bytes that threads share: what must be seen before each rule is worth evaluating in one table, with
 * every atom, field and log source written once; and each rule's body apart from the others, for most are never
 * triggered and those are never unpacked. How a body is written is the caller's.
 */
import { Buffer } from 'node:buffer';
import { shared } from '../../lib/shared-bytes.ts';
import type { LogSource } from '../../model/event.ts';
import type { DetectionRule } from '../../model/sigma.ts';
import type { TriggeredRule } from './view.ts';

type Clause = NonNullable<TriggeredRule['trigger']>;
type Atom = Clause[number];

/** Numbers are places in `atoms`, `fields` and `logsources`. */
interface TriggerTable {
  readonly atoms: readonly (readonly [field: string | null, how: Atom['how'], text: string])[];
  readonly fields: readonly string[];
  readonly logsources: readonly LogSource[];
  readonly rules: readonly {
    readonly l: number;
    readonly f: readonly number[];
    /** The trigger; absent for rules that are always evaluated. */
    readonly t?: readonly number[];
    readonly cheap?: readonly (readonly number[])[];
    readonly others?: readonly (readonly number[])[];
    readonly seen?: readonly number[];
  }[];
}

function tableOf(rules: readonly TriggeredRule[]): TriggerTable {
  const atoms = createList<TriggerTable['atoms'][number]>();
  const fields = createList<string>();
  const logsources = createList<LogSource>();
  const place = ({ field, how, text }: Atom): number => atoms.placeOf([field ?? null, how, text]);
  const placesOf = (clauses: readonly Clause[]): number[][] => clauses.map((clause) => clause.map(place));
  const packed = rules.map(({ logsource, fields: names, trigger, guards, observed }) => ({
    l: logsources.placeOf(logsource),
    f: names.map(fields.placeOf),
    ...(trigger === undefined ? {} : { t: trigger.map(place) }),
    ...(guards.cheap.length === 0 ? {} : { cheap: placesOf(guards.cheap) }),
    ...(guards.others.length === 0 ? {} : { others: placesOf(guards.others) }),
    ...(observed.length === 0 ? {} : { seen: observed.map(place) }),
  }));
  return { atoms: atoms.list, fields: fields.list, logsources: logsources.list, rules: packed };
}

function createList<T>(): { readonly list: T[]; placeOf(item: T): number } {
  const list: T[] = [];
  const places = new Map<string, number>();
  return {
    list,
    placeOf(item) {
      const key = JSON.stringify(item);
      const known = places.get(key);
      if (known !== undefined) return known;
      places.set(key, list.length);
      return list.push(item) - 1;
    },
  };
}

export interface PackedRules {
  /** JSON of a `TriggerTable`. */
  readonly table: SharedArrayBuffer;
  readonly bodies: SharedArrayBuffer;
  /** Where the body of each begins, and where the last ends. */
  readonly starts: Uint32Array;
}

export function packPrepared(
  rules: readonly TriggeredRule[],
  write: (rule: DetectionRule) => Uint8Array,
): PackedRules {
  const bodies = rules.map(({ rule }) => write(rule));
  const starts = new Uint32Array(bodies.length + 1);
  for (const [index, body] of bodies.entries()) starts[index + 1] = (starts[index] ?? 0) + body.length;
  return {
    table: shared(Buffer.from(JSON.stringify(tableOf(rules)))),
    bodies: shared(Buffer.concat(bodies)),
    starts,
  };
}

/** The body at a place of the pack, as it was written. */
export function bodyAt({ bodies, starts }: PackedRules, place: number): Uint8Array {
  const begin = starts[place] ?? 0;
  return new Uint8Array(bodies, begin, (starts[place + 1] ?? begin) - begin);
}

/**
 * As `compilePrepared` takes them.
 * @param ruleAt gets the rule at a place of the pack; asked once for each, when it is first needed
 * @param places which, and in which order; all when absent
 */
export function unpackPrepared(
  packed: PackedRules,
  ruleAt: (place: number) => DetectionRule,
  places?: readonly number[],
): TriggeredRule[] {
  // Decoders refuse shared memory: the bytes are copied.
  const text = Buffer.from(Uint8Array.from(new Uint8Array(packed.table))).toString('utf8');
  const table: TriggerTable = JSON.parse(text);
  return fromTable(table, places ?? [...table.rules.keys()], ruleAt);
}

function fromTable(
  table: TriggerTable,
  places: readonly number[],
  ruleAt: (place: number) => DetectionRule,
): TriggeredRule[] {
  const atoms = table.atoms.map(([field, how, text]): Atom => ({ field: field ?? undefined, how, text }));
  const clausesOf = (clauses: readonly (readonly number[])[] = []): Clause[] => clauses.map(clauseOf);
  const clauseOf = (clause: readonly number[]): Clause => clause.map((at) => atoms[at] as Atom);
  return places.flatMap((place) => {
    const packed = table.rules[place];
    if (packed === undefined) return [];
    let rule: DetectionRule | undefined;
    return [
      {
        get rule() {
          rule ??= ruleAt(place);
          return rule;
        },
        logsource: table.logsources[packed.l] ?? {},
        fields: packed.f.map((at) => table.fields[at] ?? ''),
        trigger: packed.t === undefined ? undefined : clauseOf(packed.t),
        guards: { cheap: clausesOf(packed.cheap), others: clausesOf(packed.others) },
        observed: clauseOf(packed.seen ?? []),
      },
    ];
  });
}
