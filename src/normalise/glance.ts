/**
 * Glance: when, which host and which account, read from a few values of a JSON line whose kind is known, without
 * making it an Event. Gives exactly what normalising the whole line would: the same time readers and the same
 * mappings, on a record that holds only what they read. Where that cannot be promised there is no glance.
 */
import type { Envelope, Source } from '../model/content/source.ts';
import type { EcsValue, EventKind, Fields, FieldValue } from '../model/event.ts';
import type { Instant } from '../model/instant.ts';
import { fieldsOf, type Mapping } from './mapping.ts';
import { compiledOf } from './source.ts';
import type { TimeContext } from './time.ts';
import { compileTimes, type TimeReader } from './times.ts';

export interface Glanced {
  /** Undefined when neither the envelope's nor the source's times say it: the whole line must then be normalised. */
  readonly time: Instant | undefined;
  readonly host: EcsValue | undefined;
  readonly user: EcsValue | undefined;
}

/**
 * The value of a need in the line looked at, by its place among the needs: first those outside, then the own names;
 * `undefined` when it has none. Asked for only when it is looked at.
 */
export type ValueOf = (need: number) => FieldValue | undefined;

/** How to glance at lines of one layout and kind. */
export interface GlancePlan {
  /** Paths from the top of the line whose values may be asked for: what the envelope says. */
  readonly outside: readonly string[];
  /** The same for own names. */
  readonly own: readonly string[];
  read(given: ValueOf, context: TimeContext): Glanced;
}

export interface Glancer {
  /** Every path and own name any plan may need: what the bytes filter must capture. */
  readonly outside: readonly string[];
  readonly own: readonly string[];
  planOf(layoutId: string, kind: EventKind): GlancePlan | undefined;
}

const HOST = 'host.name';
const USER = 'user.name';

export function createGlancer(sources: readonly Source[], envelopes: readonly Envelope[]): Glancer {
  const envelopeTimes = new Map(envelopes.map((envelope) => [envelope.id, timesOf(envelope)]));
  const byId = new Map(sources.map((source) => [source.id, source]));
  const sourceTimes = new Map(sources.map((source) => [source.id, timesOf(withBases(source, byId))]));
  const outside = new Set([...envelopeTimes.values()].flatMap(({ names }) => names));
  const captured = new Set([...sourceTimes.values()].flatMap(({ names }) => names));
  for (const source of sources) for (const name of mappedNames(source)) captured.add(name);
  const plans = new Map<EventKind, Map<string, GlancePlan | undefined>>();

  function makePlan(layoutId: string, kind: EventKind): GlancePlan | undefined {
    const compiled = compiledOf(kind);
    const outer = envelopeTimes.get(layoutId) ?? NO_TIMES;
    const inner = sourceTimes.get(kind.sourceId);
    if (compiled === undefined || inner === undefined) return undefined;
    const host = compiled.ecs.pick(HOST);
    const user = compiled.ecs.pick(USER);
    const own = [...new Set([...inner.names, ...(host?.reads ?? []), ...(user?.reads ?? [])])];
    if (own.some((name) => !captured.has(name))) return undefined;
    const needs = { outside: outer.names, own };
    return { ...needs, read: createRead(needs, { outer, inner, host: host?.map, user: user?.map }) };
  }

  return {
    outside: [...outside],
    own: [...captured],
    planOf(layoutId, kind) {
      let byLayout = plans.get(kind);
      if (byLayout === undefined) {
        byLayout = new Map();
        plans.set(kind, byLayout);
      }
      if (!byLayout.has(layoutId)) byLayout.set(layoutId, makePlan(layoutId, kind));
      return byLayout.get(layoutId);
    },
  };
}

interface Times {
  readonly names: readonly string[];
  readonly read: TimeReader;
}

const NO_TIMES: Times = { names: [], read: () => undefined };

function timesOf({ time }: Pick<Source | Envelope, 'time'>): Times {
  if (time === undefined || time.length === 0) return NO_TIMES;
  const names = time.flatMap((one) => [one.field, one.with, one.offset]).filter((name) => name !== undefined);
  return { names: [...new Set(names)], read: compileTimes(time) };
}

/** The source's own times, then its bases'. */
function withBases(source: Source, byId: ReadonlyMap<string, Source>): Pick<Source, 'time'> {
  const time = [...(source.time ?? [])];
  const seen = new Set([source.id]);
  for (let base = source.base; base !== undefined && !seen.has(base); base = byId.get(base)?.base) {
    seen.add(base);
    time.push(...(byId.get(base)?.time ?? []));
  }
  return { time };
}

function mappedNames(source: Source): string[] {
  const layers = [source.ecs, ...source.variants.map((variant) => variant.ecs ?? {})];
  return layers
    .flatMap((layer) => [layer[HOST], layer[USER]])
    .flatMap((mapping) => (mapping === undefined ? [] : fieldsOf(mapping)));
}

interface Readers {
  readonly outer: Times;
  readonly inner: Times;
  readonly host: Mapping | undefined;
  readonly user: Mapping | undefined;
}

function createRead(needs: Omit<GlancePlan, 'read'>, readers: Readers): GlancePlan['read'] {
  const { outer, inner, host, user } = readers;
  const wholeOf = createLazyRecord(needs.outside, 0);
  const recordOf = createLazyRecord(needs.own, needs.outside.length);
  return (given, context) => {
    const record = recordOf(given);
    return {
      time: outer.read(wholeOf(given), context) ?? inner.read(record, context),
      host: host?.(record),
      user: user?.(record),
    };
  };
}

/** One record for all lines, whose values are read when they are looked at: the first of many often decides. */
function createLazyRecord(names: readonly string[], first: number): (given: ValueOf) => Fields {
  let current: ValueOf = () => undefined;
  const record: Fields = {};
  for (const [index, name] of names.entries()) {
    Object.defineProperty(record, name, { get: () => current(first + index), enumerable: true });
  }
  return (given) => {
    current = given;
    return record;
  };
}
