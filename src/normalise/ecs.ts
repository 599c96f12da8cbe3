/** Compiles the `ecs` part of a source (or of a source with variants) into one pass over a record's own fields. */
import type { EcsMapping } from '../model/content/source.ts';
import type { EcsValue, Fields } from '../model/event.ts';
import { compileMapping, fieldsOf, type Mapping } from './mapping.ts';
import { perShape, type Shape } from './shape.ts';

export type EcsRecord = Readonly<Record<string, EcsValue>>;

type Places = (EcsValue | undefined)[];

export interface EcsPlan {
  readonly names: readonly string[];
  /** The mapping of one ECS name, with the own names it reads; undefined when the plan does not fill it. */
  pick(name: string): { readonly reads: readonly string[]; readonly map: Mapping } | undefined;
  fill(fields: Fields, shape: Shape | undefined): EcsRecord;
  /** The same values in the order of `names`, undefined where there is none. */
  fillInto(fields: Fields, shape: Shape | undefined, places: Places): void;
}

/** Later mappings replace earlier ones of the same ECS name. */
export function compileEcs(
  mappings: readonly Readonly<Record<string, EcsMapping>>[],
  compiled: Map<EcsMapping, Mapping>,
): EcsPlan {
  const merged = new Map<string, EcsMapping>();
  for (const layer of mappings)
    for (const [name, mapping] of Object.entries(layer)) merged.set(name, mapping);
  const items = [...merged].map(([name, mapping]) => ({ name, mapping, map: once(mapping, compiled) }));
  const planOf = perShape((shape) => planFor(items, shape));
  const scratch: Places = [];
  return {
    names: [...merged.keys()],
    pick(name) {
      const mapping = merged.get(name);
      const item = items.find((one) => one.name === name);
      return mapping === undefined || item === undefined
        ? undefined
        : { reads: fieldsOf(mapping), map: item.map };
    },
    fill(fields, shape) {
      fillInto(fields, shape, scratch);
      const ecs: Record<string, EcsValue> = {};
      for (let index = 0; index < items.length; index++) {
        const value = scratch[index];
        if (value !== undefined) ecs[items[index]?.name ?? ''] = value;
      }
      return ecs;
    },
    fillInto,
  };

  function fillInto(fields: Fields, shape: Shape | undefined, places: Places): void {
    if (shape === undefined) {
      for (let index = 0; index < items.length; index++) places[index] = items[index]?.map(fields);
      return;
    }
    const { fixed, at, maps } = planOf(shape);
    for (let index = 0; index < fixed.length; index++) places[index] = fixed[index];
    for (let index = 0; index < maps.length; index++) places[at[index] ?? 0] = maps[index]?.(fields);
  }
}

interface ShapePlan {
  /** What names give whose mappings find nothing to read in records of the shape. */
  readonly fixed: Places;
  /** The others: their places, and what fills them. */
  readonly at: readonly number[];
  readonly maps: readonly Mapping[];
}

function planFor(items: readonly { mapping: EcsMapping; map: Mapping }[], shape: Shape): ShapePlan {
  const isOpen = items.map(({ mapping }) => fieldsOf(mapping).some((path) => shape.mayHave(path)));
  return {
    fixed: items.map(({ map }, index) => (isOpen[index] === true ? undefined : map({}))),
    at: items.flatMap((_, index) => (isOpen[index] === true ? [index] : [])),
    maps: items.flatMap(({ mapping }, index) =>
      isOpen[index] === true ? [compileMapping(mapping, shape)] : [],
    ),
  };
}

/** The same mapping object is compiled once, however many kinds share it. */
function once(mapping: EcsMapping, compiled: Map<EcsMapping, Mapping>): Mapping {
  const known = typeof mapping === 'string' ? undefined : compiled.get(mapping);
  if (known !== undefined) return known;
  const map = compileMapping(mapping);
  if (typeof mapping !== 'string') compiled.set(mapping, map);
  return map;
}
