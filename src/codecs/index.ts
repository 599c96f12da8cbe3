/** The door of the codecs: bytes in, records and issues out. */
export { type CreateOptions, createDecoder, isSplittable } from './decoder.ts';
export { type Detected, detectFormat, HEAD_BYTES } from './detect.ts';
export { type ByteRange, evtxRanges } from './evtx/codec.ts';
export { writeEvtx } from './evtx/write.ts';
export {
  createLineFramer,
  type LineFramer,
  type LineSink,
  MAX_RECORD_BYTES,
  type RawLine,
} from './lines/framer.ts';
export { createRecordDecoder, type RecordDecoder } from './record.ts';
