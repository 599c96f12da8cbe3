/**
 * The short cut for NDJSON: a line whose bytes tell which rules match it, most often none, is counted from a few of its
 * values and not parsed, unless it is to be shown. Any doubt sends the line down the full path, which gives the same
 * result (`docs/decisions/0003-two-paths-one-set.md`).
 */
import type { RawLine } from '../../../codecs/index.ts';
import type { EventKind, FieldValue } from '../../../model/event.ts';
import {
  createGlancer,
  createJsonClassifier,
  type GlancePlan,
  type Normaliser,
  type TimeContext,
} from '../../../normalise/index.ts';
import {
  type BytesFilter,
  type CompiledSet,
  createBytesFilter,
  type Suspects,
  UNTOLD,
} from '../../../sigma/index.ts';
import type { Glimpsed } from './event-sink.ts';
import { isNotedEventId } from './log-notes.ts';
import type { LaneSetup } from './protocol.ts';
import { accountOf, firstText } from './see.ts';
import type { Seen } from './tally.ts';

export interface JsonGlance {
  /** What is known of a line of which the bytes tell what it matches; undefined when it must be decoded. */
  look(raw: RawLine, context: TimeContext): Glimpsed | undefined;
  /** What the line looked at last may match; undefined when anything may. */
  suspects(): Suspects | undefined;
  /** The kinds told so far, with the own names seen in their lines. */
  kinds(): ReadonlyMap<EventKind, ReadonlySet<string>>;
}

const ALWAYS = ['EventRecordID', 'RecordNumber', 'Channel', 'EventID'] as const;

export function createJsonGlance(setup: LaneSetup, set: CompiledSet, normaliser: Normaliser): JsonGlance {
  const glancer = createGlancer(setup.sources, setup.envelopes);
  const own = [...new Set([...ALWAYS, ...glancer.own])];
  const indexes = new Map(own.map((name, index) => [name, index]));
  const outsideIndexes = new Map(glancer.outside.map((name, index) => [name, own.length + index]));
  const filter = createBytesFilter(set, createJsonClassifier(normaliser), own, glancer.outside);
  const needs = new WeakMap<GlancePlan, readonly number[]>();
  const at = (name: (typeof ALWAYS)[number]): number => indexes.get(name) ?? -1;
  const recordId = at('EventRecordID');
  const recordNumber = at('RecordNumber');
  const channel = at('Channel');
  const eventId = at('EventID');

  function needsOf(plan: GlancePlan): readonly number[] {
    let known = needs.get(plan);
    if (known === undefined) {
      known = [
        ...plan.outside.map((name) => outsideIndexes.get(name) ?? -1),
        ...plan.own.map((name) => indexes.get(name) ?? -1),
      ];
      needs.set(plan, known);
    }
    return known;
  }
  /** Set when a value was asked for that must be parsed to be known. */
  let isUntold = false;
  function read(index: number | undefined): FieldValue | undefined {
    const value = filter.capture(index ?? -1);
    if (value !== UNTOLD) return value;
    isUntold = true;
    return undefined;
  }

  /** As `seeEvent` reads it; most are nothing but digits, of which no text is made. */
  function readRecordNumber(): number | undefined {
    const id = filter.integer(recordId);
    if (id !== undefined) return id;
    const number = Number(read(recordId) ?? filter.integer(recordNumber) ?? read(recordNumber) ?? Number.NaN);
    return Number.isSafeInteger(number) ? number : undefined;
  }

  return {
    kinds: filter.seen,
    suspects: filter.suspects,
    look(raw, context) {
      const matched = matchedIn(filter, raw);
      if (matched === undefined) return undefined;
      const known = planFor(filter, glancer);
      if (known === undefined) return undefined;
      isUntold = false;
      const log = read(channel);
      if (isNotedEventId(filter.integer(eventId) ?? read(eventId), log)) return undefined;
      const needs = needsOf(known.plan);
      const { time, host, user } = known.plan.read((need) => read(needs[need]), context);
      if (time === undefined) return undefined;
      const { sourceId } = known.kind;
      const seen: Seen = {
        sourceId,
        host: firstText(host),
        user: accountOf(firstText(user)),
        channel: typeof log === 'string' ? log : sourceId,
        micros: time.epochMicros,
        recordNumber: readRecordNumber(),
      };
      if (isUntold) return undefined;
      return { seen, time, offset: raw.offset, matched };
    },
  };
}

const NONE: readonly number[] = [];

/** The rules that the line matches; undefined when its bytes do not tell. */
function matchedIn(filter: BytesFilter, raw: RawLine): readonly number[] | undefined {
  if (!filter.scan(raw.buffer, raw.start, raw.end)) return NONE;
  const suspects = filter.suspects();
  return suspects === undefined || suspects.open.length > 0 ? undefined : suspects.sure;
}

function planFor(
  filter: BytesFilter,
  glancer: ReturnType<typeof createGlancer>,
): { readonly kind: EventKind; readonly plan: GlancePlan } | undefined {
  const kind = filter.kind();
  const layout = filter.layout();
  if (kind === undefined || layout === undefined) return undefined;
  const plan = glancer.planOf(layout.id, kind);
  return plan === undefined ? undefined : { kind, plan };
}
