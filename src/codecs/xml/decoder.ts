/**
 * The decoder that event XML and other XML share: finds the encoding, cuts the stream into elements, parses each. What
 * becomes of an element is the format's business. Offsets in UTF-16 input are those of the same text in UTF-8.
 */
import { Buffer } from 'node:buffer';
import type { DecodeOptions, Decoder, DecodeSink } from '../../model/codec.ts';
import type { Fields, Format } from '../../model/event.ts';
import { asBuffer, decodeText, sniffEncoding } from '../lines/encoding.ts';
import { MAX_RECORD_BYTES } from '../lines/framer.ts';
import { createIssueFold } from '../text/fold.ts';
import { parseXml, type XmlElement } from './parse.ts';
import { createElementSplitter, type ElementSplitter } from './splitter.ts';

export interface XmlFormat {
  readonly format: Format;
  /** Which elements are records, told from the first text of the input. */
  recordElement(head: string): { readonly name: string; readonly nests: boolean } | undefined;
  fieldsOf(element: XmlElement): Fields;
}

const HEAD_BYTES = 4096;
const DEFAULT_DEPTH = 64;

export function createXmlDecoder(xml: XmlFormat, options: DecodeOptions, sink: DecodeSink): Decoder {
  let head: Buffer[] = [];
  let headBytes = 0;
  let inner: Decoder | undefined;

  function decide(): Decoder {
    const first = Buffer.concat(head);
    head = [];
    const { encoding } = sniffEncoding(first);
    const text = encoding === 'utf-8' ? undefined : new TextDecoder(encoding);
    const name = xml.recordElement(
      text === undefined ? first.toString('utf8') : new TextDecoder(encoding).decode(first),
    );
    const splitter = createRecords(
      xml,
      { ...options, element: name ?? { name: 'Event', nests: false } },
      sink,
    );
    const decoder: Decoder = {
      push: (chunk) =>
        splitter.push(
          text === undefined ? asBuffer(chunk) : Buffer.from(text.decode(chunk, { stream: true })),
        ),
      end: splitter.end,
    };
    decoder.push(first);
    return decoder;
  }

  return {
    push(chunk) {
      if (inner !== undefined) return inner.push(chunk);
      head.push(Buffer.from(chunk));
      headBytes += chunk.length;
      if (headBytes >= HEAD_BYTES) inner = decide();
    },
    end() {
      inner ??= decide();
      inner.end();
    },
  };
}

interface RecordOptions extends DecodeOptions {
  readonly element: { readonly name: string; readonly nests: boolean };
}

function createRecords(xml: XmlFormat, options: RecordOptions, sink: DecodeSink): ElementSplitter {
  const { path } = options;
  const maxBytes = options.maxRecordBytes ?? MAX_RECORD_BYTES;
  const maxDepth = options.maxDepth ?? DEFAULT_DEPTH;
  const fold = createIssueFold(sink, { path });

  function element(bytes: Buffer, offset: number, isWhole: boolean): void {
    const { text } = decodeText(bytes, 0, bytes.length);
    const parsed = parseXml(text, maxDepth);
    const reason = parsed.fault ?? (isWhole ? undefined : 'cut short');
    if (reason !== undefined) {
      const at = offset + Buffer.byteLength(text.slice(0, parsed.faultAt));
      fold.add({ code: 'XML_MALFORMED', place: { path, offset: at }, params: { reason } });
    }
    const fields = parsed.root === undefined ? {} : xml.fieldsOf(parsed.root);
    if (Object.keys(fields).length === 0) return;
    sink.record({ format: xml.format, fields, text, origin: { path, offset, length: bytes.length } });
  }

  const splitter = createElementSplitter(
    { ...options.element, baseOffset: options.baseOffset ?? 0, maxBytes },
    {
      element,
      tooLong: (offset) =>
        fold.add({ code: 'CODEC_RECORD_TOO_LONG', place: { path, offset }, params: { limit: maxBytes } }),
      between(bytes, offset) {
        if (isScaffolding(bytes.toString('utf8'))) return;
        fold.add({ code: 'XML_BETWEEN', place: { path, offset } });
      },
    },
  );
  return {
    push: splitter.push,
    end() {
      splitter.end();
      fold.end();
    },
  };
}

/** White space, byte order marks, declarations, comments, and the tags of a wrapper. */
function isScaffolding(text: string): boolean {
  const rest = text.replace(/<!--[^]*?(?:-->|$)/g, '').replace(/<[?!/]?[A-Za-z][^<>]*(?:>|$)/g, '');
  return /^(?:<[/!]?)?$/.test(rest.replace(/\ufeff/g, '').trim());
}
