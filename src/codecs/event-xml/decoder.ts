/**
 * Decodes a stream of XML documents into records, one for each document (`splitter.ts` says what that is). A damaged
 * Windows event gives what could be read of it, marked as recovered; what gives no record is kept as text, so that
 * nothing is lost. UTF-16 is read as it stands, so places are those in the file.
 */
import { Buffer } from 'node:buffer';
import type { DecodeOptions, Decoder, DecodeSink } from '../../model/codec.ts';
import type { IssueCode, Place } from '../../model/issue.ts';
import { asBuffer, decodeText, sniffEncoding, type TextEncoding } from '../lines/encoding.ts';
import { MAX_RECORD_BYTES } from '../lines/framer.ts';
import { createIssueFold } from '../text/fold.ts';
import { MOST_NODES, parseXml, type XmlFault, type XmlOutcome } from './parse.ts';
import { createXmlSplitter, type Position, type Units, type XmlSplitter } from './splitter.ts';
import { recordOf } from './tree.ts';

/** As much as the encoding is guessed from. */
const HEAD_BYTES = 4096;
export const DEFAULT_DEPTH = 64;

export const FAULT_CODES: Readonly<Record<XmlFault, IssueCode>> = {
  cut: 'CODEC_XML_CUT',
  markup: 'CODEC_XML_MARKUP',
  mismatch: 'CODEC_XML_MISMATCH',
  outside: 'CODEC_XML_OUTSIDE',
  deep: 'CODEC_TOO_DEEP',
  large: 'CODEC_XML_LARGE',
};

/** What the text of an issue about `fault` is filled with. */
export function faultParams(fault: XmlFault, maxDepth: number): Record<string, number> {
  return fault === 'deep' ? { limit: maxDepth } : fault === 'large' ? { limit: MOST_NODES } : {};
}

export function createXmlDecoder(options: DecodeOptions, sink: DecodeSink): Decoder {
  let head: Buffer = Buffer.alloc(0);
  let inner: Decoder | undefined;

  function decide(): Decoder {
    const decoder = createEncodedDecoder(options, sniffEncoding(head).encoding, sink);
    decoder.push(head);
    return decoder;
  }

  return {
    push(chunk) {
      if (inner !== undefined) return inner.push(chunk);
      const rest = HEAD_BYTES - head.length;
      head = Buffer.concat([head, chunk.subarray(0, rest)]);
      if (head.length < HEAD_BYTES) return;
      inner = decide();
      if (chunk.length > rest) inner.push(chunk.subarray(rest));
    },
    end() {
      inner ??= decide();
      inner.end();
    },
  };
}

function createEncodedDecoder(options: DecodeOptions, encoding: TextEncoding, sink: DecodeSink): Decoder {
  const { path } = options;
  const documents = createDocumentSink(options, encoding, sink);
  const splitter = createXmlSplitter(
    {
      baseOffset: options.baseOffset ?? 0,
      baseLine: options.baseLine ?? 1,
      width: encoding === 'utf-8' ? 1 : 2,
      maxRecordBytes: options.maxRecordBytes ?? MAX_RECORD_BYTES,
    },
    {
      document: documents.document,
      stray: documents.stray,
      typeDeclaration: (at) => documents.fold.add({ code: 'CODEC_XML_DTD', place: { path, ...at } }),
      tooLong(at) {
        const limit = options.maxRecordBytes ?? MAX_RECORD_BYTES;
        documents.fold.add({ code: 'CODEC_RECORD_TOO_LONG', place: { path, ...at }, params: { limit } });
      },
    },
  );
  const push = encoding === 'utf-8' ? splitter.push : pushUnits(splitter, encoding);
  return {
    push,
    end() {
      splitter.end();
      documents.fold.end();
    },
  };
}

/** Chunks may cut a unit in two. */
function pushUnits(splitter: XmlSplitter, encoding: TextEncoding): (chunk: Uint8Array) => void {
  let odd: Buffer = Buffer.alloc(0);
  return (chunk) => {
    const whole = Buffer.concat([odd, chunk]);
    const size = whole.length & ~1;
    odd = Buffer.from(whole.subarray(size));
    if (encoding === 'utf-16be') whole.subarray(0, size).swap16();
    const units = new Uint16Array(size / 2);
    whole.copy(asBytes(units), 0, 0, size);
    splitter.push(units);
  };
}

function asBytes(units: Units): Buffer {
  return Buffer.from(units.buffer, units.byteOffset, units.byteLength);
}

function createDocumentSink(options: DecodeOptions, encoding: TextEncoding, sink: DecodeSink) {
  const { path } = options;
  const maxDepth = options.maxDepth ?? DEFAULT_DEPTH;
  const areLinesKnown = options.baseLine !== undefined || (options.baseOffset ?? 0) === 0;
  const fold = createIssueFold(sink, { path });
  let wasSingleByte = false;

  function textOf(units: Units, at: Position): { text: string; sizeOf(part: string): number } {
    if (encoding !== 'utf-8') {
      return { text: asBytes(units).toString('utf16le'), sizeOf: (part) => part.length * 2 };
    }
    const { text, singleByte } = decodeText(asBuffer(units as Uint8Array), 0, units.length);
    if (singleByte && !wasSingleByte) {
      wasSingleByte = true;
      fold.add({ code: 'CODEC_SINGLE_BYTE', place: placeOf(at) });
    }
    return { text, sizeOf: (part) => (singleByte ? part.length : Buffer.byteLength(part)) };
  }

  function placeOf({ offset, line }: Position): { path: string; offset: number; line?: number } {
    return areLinesKnown ? { path, offset, line } : { path, offset };
  }

  function emitText(text: string, at: Position, length: number): void {
    sink.record({ format: 'text', fields: { message: text }, text, origin: { ...placeOf(at), length } });
  }

  function report(fault: XmlFault, place: Place): void {
    fold.add({ code: FAULT_CODES[fault], place, params: faultParams(fault, maxDepth) });
  }

  function document(units: Units, at: Position): void {
    const { text, sizeOf } = textOf(units, at);
    const outcome = parseXml(text, { maxDepth });
    if (outcome.fault !== undefined) {
      const before = text.slice(0, outcome.faultAt);
      const lines = before.split('\n').length - 1;
      report(outcome.fault, placeOf({ offset: at.offset + sizeOf(before), line: at.line + lines }));
    }
    emit(outcome, text.trimEnd(), at, sizeOf);
  }

  function emit(outcome: XmlOutcome, text: string, at: Position, sizeOf: (part: string) => number): void {
    const found = recordOf(outcome);
    if (found === undefined) {
      emitText(text, at, sizeOf(text));
      return;
    }
    const record = { ...found, text, origin: { ...placeOf(at), length: sizeOf(text) } };
    sink.record(outcome.fault === undefined ? record : { ...record, recovered: true });
  }

  function stray(units: Units, at: Position): void {
    const { text: whole, sizeOf } = textOf(units, at);
    const text = whole.replaceAll('\0', '').trim();
    // A mark of byte order, between files that were put together, is no text.
    if (text === '' || text === '\ufeff') return;
    report('outside', placeOf(at));
    emitText(text, at, sizeOf(whole.trimEnd()));
  }

  return { document, stray, fold };
}
