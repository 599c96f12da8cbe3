/** Compiles the `ecs` part of a source (or of a source with variants) into one pass over a record's own fields. */
import type { EcsMapping } from '../model/content/source.ts';
import type { EcsValue, Fields } from '../model/event.ts';
import { compileMapping, fieldsOf, type Mapping } from './mapping.ts';

export type EcsRecord = Readonly<Record<string, EcsValue>>;

export interface EcsPlan {
  readonly names: readonly string[];
  /** The mapping of one ECS name, with the own names it reads; undefined when the plan does not fill it. */
  pick(name: string): { readonly reads: readonly string[]; readonly map: Mapping } | undefined;
  fill(fields: Fields): EcsRecord;
  /** The same values in the order of `names`, undefined where there is none. */
  fillInto(fields: Fields, places: (EcsValue | undefined)[]): void;
}

/** Later mappings replace earlier ones of the same ECS name. */
export function compileEcs(
  mappings: readonly Readonly<Record<string, EcsMapping>>[],
  compiled: Map<EcsMapping, Mapping>,
): EcsPlan {
  const merged = new Map<string, EcsMapping>();
  for (const layer of mappings)
    for (const [name, mapping] of Object.entries(layer)) merged.set(name, mapping);
  const items = [...merged].map(([name, mapping]) => ({ name, map: once(mapping, compiled) }));
  return {
    names: [...merged.keys()],
    pick(name) {
      const mapping = merged.get(name);
      const item = items.find((one) => one.name === name);
      return mapping === undefined || item === undefined
        ? undefined
        : { reads: fieldsOf(mapping), map: item.map };
    },
    fill(fields) {
      const ecs: Record<string, EcsValue> = {};
      for (const { name, map } of items) {
        const value = map(fields);
        if (value !== undefined) ecs[name] = value;
      }
      return ecs;
    },
    fillInto(fields, places) {
      for (let index = 0; index < items.length; index++) places[index] = items[index]?.map(fields);
    },
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
