/**
 * The interpreter of sources and envelopes: a record in, an Event out. The envelope is taken off, a carried line is
 * decoded again, the source is chosen, its fields are extracted, its time read and its kind told; ECS names are filled
 * when first asked for, because a hunt looks at few events' ECS and at every event's own names.
 *
 * It never throws and never drops: a record of no known source becomes an Event of kind `unknown`.
 */
import type { Envelope, Source } from '../model/content/source.ts';
import {
  type EcsValue,
  type Event,
  type EventKind,
  type Fields,
  FORMATS,
  type Format,
  type LogRecord,
  type Origin,
} from '../model/event.ts';
import type { Instant } from '../model/instant.ts';
import type { Issue, WithIssues } from '../model/issue.ts';
import type { Outcome } from '../model/outcome.ts';
import { strictValue } from './access.ts';
import { createSelect, type Select } from './dispatch.ts';
import type { EcsPlan, EcsRecord } from './ecs.ts';
import {
  type CompiledEnvelope,
  compileEnvelope,
  type EnvelopeRecogniser,
  matchesEnvelope,
} from './envelope.ts';
import { createMoves, type Moves, type Recognition } from './moves.ts';
import { createShapes, perShape, type Shape } from './shape.ts';
import { type CompiledKind, type CompiledSource, compileSource } from './source.ts';
import type { TimeContext } from './time.ts';
import { readCommonTime } from './times.ts';
import { UNKNOWN } from './unknown.ts';

/** Decodes one carried line into format and fields; undefined when it is nothing known. Must not throw. */
export type CarriedDecoder = (line: string) => Pick<LogRecord, 'format' | 'fields'> | undefined;

export interface Normaliser {
  normalise(record: LogRecord, context: TimeContext): Outcome<Event>;
  /** For the JSON classifier, which must tell the same from keys and a few values. */
  readonly compiled: CompiledContent;
}

export interface CompiledContent {
  readonly sources: readonly Source[];
  readonly envelopes: readonly CompiledEnvelope[];
  readonly select: Select<CompiledSource>;
}

/** Envelopes may stand inside each other (docker around journald around syslog): so many are taken off. */
const MAX_ENVELOPES = 4;

/**
 * Compiles content. Bad parts are issues (with the source's id as path) and are left out; the rest works.
 * @param decode decodes carried lines; without it they are kept as `message`
 */
export function compileContent(
  sources: readonly Source[],
  envelopes: readonly Envelope[],
  decode?: CarriedDecoder,
): WithIssues<Normaliser> {
  const issues: Issue[] = [];
  const bases = new Map(sources.map((source) => [source.id, source]));
  const select = createSelect(
    sources.map((source) => ({ source, chosen: compileSource(source, bases, issues) })),
  );
  const compiled = { sources, envelopes: inOrder(envelopes.map(compileEnvelope)), select };
  const shapeOf = createShapes();
  const takeOff = createTakeOff(compiled.envelopes, decode, shapeOf);
  const normalise: Normaliser['normalise'] = (record, context) => ({
    kind: 'ok',
    value: toEvent(record, takeOff(record, context), { select, shapeOf }, context),
  });
  return { value: { normalise, compiled }, issues };
}

function inOrder(envelopes: readonly CompiledEnvelope[]): CompiledEnvelope[] {
  return envelopes.toSorted((a, b) => b.priority - a.priority || (a.id < b.id ? -1 : 1));
}

/** A record without its envelopes. */
interface Bare {
  readonly format: Format;
  readonly fields: Fields;
  readonly shape: Shape | undefined;
  readonly time: Instant | undefined;
}

type ShapeOf = ReturnType<typeof createShapes>;

interface Tools {
  readonly select: Select<CompiledSource>;
  readonly shapeOf: ShapeOf;
}

function toEvent(
  record: LogRecord,
  bare: Bare,
  { select, shapeOf }: Tools,
  context: TimeContext,
): NormalisedEvent {
  const source = select(bare.format, bare.fields, bare.shape);
  let { fields, shape } = bare;
  if (source?.extract !== undefined) {
    fields = source.extract(fields, shape);
    if (fields !== bare.fields) shape = shapeOf(fields);
  }
  if (source?.own !== undefined) {
    const known = fields;
    fields = source.own(known, shape);
    if (fields !== known) shape = shapeOf(fields);
  }
  const time =
    bare.time ?? source?.readTime?.(fields, context, shape) ?? readCommonTime(fields, context, shape);
  const compiled = source === undefined ? UNKNOWN : source.classify(fields);
  return new NormalisedEvent(record, compiled, { fields, shape, time });
}

type TakeOff = (record: LogRecord, context: TimeContext) => Bare;

function createTakeOff(
  envelopes: readonly CompiledEnvelope[],
  decode: CarriedDecoder | undefined,
  shapeOf: ShapeOf,
): TakeOff {
  const byFormat = new Map(
    FORMATS.map((format) => [format, createChoice(recognitionsOf(envelopes, format))]),
  );
  const movesOf = createMoves(recognitionsOf(envelopes, 'json'));

  function takeOffKnown(moves: Moves, fields: Fields, context: TimeContext): Bare {
    const { envelope } = moves;
    if (envelope === undefined) return { format: 'json', fields, shape: shapeOf(fields), time: undefined };
    const time = envelope.readTime?.(fields, context);
    const own = moves.own();
    moves.shape ??= shapeOf(own);
    return { format: envelope.format ?? 'json', fields: own, shape: moves.shape, time };
  }

  return (record, context) => {
    const moves = record.format === 'json' ? movesOf(record.fields) : undefined;
    if (moves !== undefined) return takeOffKnown(moves, record.fields, context);
    let { format, fields } = record;
    let shape = shapeOf(fields);
    let time: Instant | undefined;
    for (let depth = 0; depth < MAX_ENVELOPES; depth++) {
      const envelope = byFormat.get(format)?.(fields, shape);
      if (envelope === undefined) break;
      time = envelope.readTime?.(fields, context) ?? time;
      const inner = open(envelope, format, fields, decode);
      fields = inner.fields;
      format = inner.format;
      shape = shapeOf(fields);
      if (envelope.carries === undefined) break;
    }
    return { format, fields, shape, time };
  };
}

type Choice = (fields: Fields, shape: Shape | undefined) => CompiledEnvelope | undefined;

function recognitionsOf(envelopes: readonly CompiledEnvelope[], format: Format): Recognition[] {
  return envelopes.flatMap((envelope) =>
    envelope.recognisers
      .filter(({ formats }) => formats === undefined || formats.includes(format))
      .map((recogniser) => ({ envelope, recogniser })),
  );
}

/** Chooses the envelope of records of one format. */
function createChoice(all: readonly Recognition[]): Choice {
  const ofShape = perShape((shape) => all.filter(({ recogniser }) => canMatch(recogniser, shape)));
  return (fields, shape) => {
    for (const { envelope, recogniser } of shape === undefined ? all : ofShape(shape)) {
      if (matchesEnvelope(recogniser, fields)) return envelope;
    }
    return undefined;
  };
}

function canMatch({ tests }: EnvelopeRecogniser, shape: Shape): boolean {
  return tests.every(({ path, test }) => shape.has(path[0] ?? '') || test(undefined));
}

/** What was inside: the own names, and the carried line's own names above them when it is a record itself. */
function open(
  envelope: CompiledEnvelope,
  format: Format,
  fields: Fields,
  decode: CarriedDecoder | undefined,
): { format: Format; fields: Fields } {
  const own = envelope.take(fields);
  const outside = { format: envelope.format ?? format, fields: own };
  if (envelope.carries === undefined) return outside;
  const line = strictValue(fields, envelope.carries);
  const text = typeof line === 'string' ? line.replace(/[\r\n]+$/, '') : '';
  if (text === '') return outside;
  const carried = decode?.(text);
  if (carried === undefined || carried.format === 'text') {
    return { format: envelope.format ?? 'text', fields: withMessage(own, text, envelope.id) };
  }
  let name = envelope.id;
  while (Object.hasOwn(carried.fields, name)) name += '_';
  return { format: carried.format, fields: { ...carried.fields, [name]: own } };
}

/** A line that is no record is the message; what the envelope had under that name keeps a name of its own. */
function withMessage(own: Fields, text: string, id: string): Fields {
  const before = own.message;
  if (before === undefined || before === text) return { ...own, message: text };
  let name = `${id}_message`;
  while (Object.hasOwn(own, name)) name += '_';
  return { ...own, message: text, [name]: before };
}

/** The Event. A class because it holds its ECS names once they were asked for; to everyone else it never changes. */
class NormalisedEvent implements Event {
  readonly kind: EventKind;
  readonly time: Instant | undefined;
  readonly fields: Fields;
  declare readonly text?: string;
  readonly origin: Origin;
  readonly format: Format;
  private readonly plan: EcsPlan;
  private readonly shape: Shape | undefined;
  private filled: EcsRecord | undefined;

  constructor(record: LogRecord, compiled: CompiledKind, { fields, shape, time }: Omit<Bare, 'format'>) {
    this.kind = compiled.kind;
    this.time = time;
    this.fields = fields;
    this.origin = record.origin;
    this.format = record.format;
    this.plan = compiled.ecs;
    this.shape = shape;
    this.filled = undefined;
    if (record.text !== undefined) this.text = record.text;
  }

  get ecs(): EcsRecord {
    this.filled ??= this.plan.fill(this.fields, this.shape);
    return this.filled;
  }

  ecsInto(places: (EcsValue | undefined)[]): void {
    if (this.filled === undefined) {
      this.plan.fillInto(this.fields, this.shape, places);
      return;
    }
    const { names } = this.plan;
    for (let index = 0; index < names.length; index++) places[index] = this.filled[names[index] ?? ''];
  }
}
