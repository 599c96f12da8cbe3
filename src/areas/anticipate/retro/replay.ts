/**
 * Stored rows as the Events they were: the text is decoded again in its stored format and normalised with the content as
 * it is now, at the time of its reception, so that matching sees what the live flow saw. Pure.
 *
 * Not read: records of tables whose head stood in another record (CSV, Zeek, W3C), and EVTX, of which only the fields are
 * stored, after normalising. No receiver of the live service makes EVTX.
 */
import { createRecordDecoder, type RecordDecoder } from '../../../codecs/index.ts';
import type { Envelope, Source } from '../../../model/content/source.ts';
import { type Event, FORMATS, type Format } from '../../../model/event.ts';
import { compileContent } from '../../../normalise/index.ts';
import type { EventRow } from '../../../store/index.ts';

const NOT_ALONE: ReadonlySet<Format> = new Set(['csv', 'zeek-tsv', 'w3c', 'evtx']);

export interface Replay {
  /** Undefined when the record cannot be read alone. */
  eventOf(row: EventRow): Event | undefined;
}

export interface ReplayContent {
  readonly sources: readonly Source[];
  readonly envelopes: readonly Envelope[];
  readonly siteZone: string;
}

export function createReplay({ sources, envelopes, siteZone }: ReplayContent): Replay {
  const { normalise } = compileContent(
    sources,
    envelopes,
    createRecordDecoder({ path: '' }).decodeText,
  ).value;
  const decoders = new Map<Format, RecordDecoder>();
  const decoderOf = (format: Format): RecordDecoder => {
    const known = decoders.get(format) ?? createRecordDecoder({ path: 'stored', format });
    decoders.set(format, known);
    return known;
  };
  return {
    eventOf(row) {
      const format = FORMATS.find((name) => name === row.format);
      if (format === undefined || NOT_ALONE.has(format)) return undefined;
      const bytes = Buffer.from(row.raw);
      const record = decoderOf(format).decode(bytes, 0, bytes.length);
      if (record.format !== format) return undefined;
      const outcome = normalise(record, { siteZone, referenceMicros: row.received_millis * 1_000 });
      return outcome.kind === 'ok' ? outcome.value : undefined;
    },
  };
}
