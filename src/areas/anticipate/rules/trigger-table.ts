/**
 * What must be seen before each rule is worth evaluating, as plain data with every atom, field and log source written
 * once; and back to what the Sigma engine compiles. The rules themselves are got when first asked for.
 */
import type { LogSource } from '../../../model/event.ts';
import type { DetectionRule } from '../../../model/sigma.ts';
import type { TriggeredRule } from '../../../sigma/index.ts';

type Clause = NonNullable<TriggeredRule['trigger']>;
type Atom = Clause[number];

/** Numbers are places in `atoms`, `fields` and `logsources`. */
export interface TriggerTable {
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
  }[];
}

export function tableOf(rules: readonly TriggeredRule[]): TriggerTable {
  const atoms = createList<TriggerTable['atoms'][number]>();
  const fields = createList<string>();
  const logsources = createList<LogSource>();
  const place = ({ field, how, text }: Atom): number => atoms.placeOf([field ?? null, how, text]);
  const placesOf = (clauses: readonly Clause[]): number[][] => clauses.map((clause) => clause.map(place));
  const packed = rules.map(({ logsource, fields: names, trigger, guards }) => ({
    l: logsources.placeOf(logsource),
    f: names.map(fields.placeOf),
    ...(trigger === undefined ? {} : { t: trigger.map(place) }),
    ...(guards.cheap.length === 0 ? {} : { cheap: placesOf(guards.cheap) }),
    ...(guards.others.length === 0 ? {} : { others: placesOf(guards.others) }),
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

/** @param ruleAt gets the rule at a place of the table; asked once for each, when it is first needed */
export function fromTable(
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
      },
    ];
  });
}
