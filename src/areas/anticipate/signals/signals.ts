/** Stored signals, read back as they were made: pages with filters, and one by its id. Writes none. */
import { z } from 'zod';
import { LEVELS, type Level } from '../../../model/level.ts';
import type { EventStore } from '../../../model/live/event-store.ts';
import {
  ENTITY_KINDS,
  type EntityKind,
  type LiveSignal,
  SIGNAL_KINDS,
  type SignalKind,
} from '../../../model/live/signal.ts';

export interface SignalsAsked {
  readonly limit: number;
  /** `next` of the page before. */
  readonly after?: string;
  readonly kind?: SignalKind;
  readonly levels?: readonly Level[];
  readonly entity?: { readonly kind: EntityKind; readonly name: string };
  readonly fromMicros?: number;
  readonly toMicros?: number;
}

export interface SignalsPage {
  readonly items: readonly LiveSignal[];
  readonly next?: string;
}

export interface Signals {
  /** Newest first. A `next` that was never given gives an empty page. @throws StoreError */
  page(asked: SignalsAsked): Promise<SignalsPage>;
  find(id: string): Promise<LiveSignal | undefined>;
}

const Row = z.object({
  id: z.string(),
  at_micros: z.number(),
  kind: z.enum(SIGNAL_KINDS),
  content_id: z.string(),
  content_version: z.string(),
  title_en: z.string(),
  title_fr: z.string(),
  level: z.enum(LEVELS),
  surprise_bits: z.number().nullable(),
  entity_kinds: z.array(z.enum(ENTITY_KINDS)),
  entity_names: z.array(z.string()),
  event_nodes: z.array(z.number()),
  event_seqs: z.array(z.number()),
  tactics: z.array(z.string()),
  techniques: z.array(z.string()),
  deciding_fields: z.array(z.string()),
  deciding_values: z.array(z.string()),
  explanation_en: z.string(),
  explanation_fr: z.string(),
  details: z.string(),
});
type Row = z.infer<typeof Row>;

/** Beyond any instant that can be stored. */
const FOREVER_MICROS = 9_000_000_000_000_000;
/** No id is larger: they are hexadecimal. */
const AFTER_EVERY_ID = 'z';
const NEXT = /^(\d{1,16})\.([0-9a-f]{32})$/;

export function createSignals(store: EventStore): Signals {
  return {
    async page(asked) {
      const params = paramsOf(asked);
      if (params === undefined) return { items: [] };
      const rows = await store.query('signals-page', { ...params, limit: asked.limit + 1 }, Row);
      const shown = rows.slice(0, asked.limit);
      const last = rows.length > asked.limit ? shown.at(-1) : undefined;
      return {
        items: shown.map(toSignal),
        ...(last === undefined ? {} : { next: `${last.at_micros}.${last.id}` }),
      };
    },
    async find(id) {
      const [row] = await store.query('signals-find', { id }, Row);
      return row === undefined ? undefined : toSignal(row);
    },
  };
}

function paramsOf(asked: SignalsAsked): Record<string, unknown> | undefined {
  const mark = asked.after === undefined ? undefined : NEXT.exec(asked.after);
  if (mark === null) return undefined;
  return {
    from: asked.fromMicros ?? 0,
    to: asked.toMicros ?? FOREVER_MICROS,
    before_micros: mark === undefined ? FOREVER_MICROS : Number(mark[1]),
    before_id: mark === undefined ? AFTER_EVERY_ID : mark[2],
    kind: asked.kind ?? '',
    levels: asked.levels ?? [],
    entity_kind: asked.entity?.kind ?? '',
    entity_name: asked.entity?.name.toLowerCase() ?? '',
  };
}

function toSignal(row: Row): LiveSignal {
  return {
    id: row.id,
    atMicros: row.at_micros,
    kind: row.kind,
    contentId: row.content_id,
    contentVersion: row.content_version,
    title: { en: row.title_en, fr: row.title_fr },
    level: row.level,
    ...(row.surprise_bits === null ? {} : { surpriseBits: row.surprise_bits }),
    entities: row.entity_kinds.map((kind, index) => ({ kind, name: row.entity_names[index] ?? '' })),
    events: row.event_nodes.map((node, index) => ({ node, seq: row.event_seqs[index] ?? 0 })),
    tactics: row.tactics,
    techniques: row.techniques,
    deciding: row.deciding_fields.map((field, index) => ({ field, value: row.deciding_values[index] ?? '' })),
    ...(row.explanation_en === '' ? {} : { explanation: { en: row.explanation_en, fr: row.explanation_fr } }),
    ...detailsOf(row.details),
  };
}

function detailsOf(text: string): Pick<LiveSignal, 'details'> {
  return text === '' ? {} : { details: z.record(z.string(), z.unknown()).parse(JSON.parse(text)) };
}
