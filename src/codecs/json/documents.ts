/** Decodes a stream of JSON documents into records: one for each object. See `splitter.ts` for how they are found. */
import type { Buffer } from 'node:buffer';
import type { DecodeOptions, Decoder, DecodeSink } from '../../model/codec.ts';
import type { FieldValue } from '../../model/event.ts';
import { isObject } from '../formats/fields.ts';
import { decodeText } from '../lines/encoding.ts';
import { MAX_RECORD_BYTES } from '../lines/framer.ts';
import { createIssueFold } from '../text/fold.ts';
import { parseJson } from './parse.ts';
import { createJsonSplitter, type Position } from './splitter.ts';

export function createDocumentDecoder(options: DecodeOptions, sink: DecodeSink): Decoder {
  const { path } = options;
  const maxDepth = options.maxDepth ?? 64;
  const maxRecordBytes = options.maxRecordBytes ?? MAX_RECORD_BYTES;
  const fold = createIssueFold(sink, { path });

  function emit(text: string, value: FieldValue | undefined, at: Position, length: number): void {
    const origin = { path, offset: at.offset, length, line: at.line };
    if (isObject(value)) sink.record({ format: 'json', fields: value, text, origin });
    else sink.record({ format: 'text', fields: { message: text }, text, origin });
  }

  function document(buffer: Buffer, start: number, end: number, at: Position): void {
    const { text } = decodeText(buffer, start, end);
    const outcome = parseJson(text, maxDepth);
    const place = { path, offset: at.offset, line: at.line };
    if (outcome.ok) {
      emit(text, outcome.value, at, end - start);
      return;
    }
    if (outcome.why === 'deep') fold.add({ code: 'CODEC_TOO_DEEP', place, params: { limit: maxDepth } });
    else fold.add({ code: 'CODEC_DOCUMENT_BROKEN', place });
    emit(text, undefined, at, end - start);
  }

  function broken(buffer: Buffer, start: number, end: number, at: Position): void {
    const { text } = decodeText(buffer, start, end);
    if (text.trim() === '') return;
    fold.add({ code: 'CODEC_DOCUMENT_BROKEN', place: { path, offset: at.offset, line: at.line } });
    emit(text, undefined, at, end - start);
  }

  function tooLong(at: Position): void {
    const place = { path, offset: at.offset, line: at.line };
    fold.add({ code: 'CODEC_RECORD_TOO_LONG', place, params: { limit: maxRecordBytes } });
  }

  const base = { baseOffset: options.baseOffset ?? 0, baseLine: options.baseLine ?? 1, maxRecordBytes };
  const splitter = createJsonSplitter(base, { document, broken, tooLong });
  return {
    push: splitter.push,
    end() {
      splitter.end();
      fold.end();
    },
  };
}
