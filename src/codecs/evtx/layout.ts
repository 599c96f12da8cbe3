/**
 * The numbers of the EVTX format: offsets, sizes, tokens and value types. Data only.
 *
 * Sources: Microsoft [MS-EVEN6] 2.2.12–2.2.17 (BinXml), Joachim Metz, "Windows XML Event Log (EVTX) format"
 * (libevtx documentation), Andreas Schuster, "Introducing the Microsoft Vista event log file format" (2007).
 *
 * A file is a header of 4 KiB and chunks of 64 KiB. A chunk stands alone: a header of 512 bytes (128 of facts, then
 * two hash tables of the strings and templates in it), then records. A record is `**\0\0`, its size, its number, its
 * time, BinXml, and its size again. BinXml usually is one template instance: where in the chunk the template is
 * defined, then the values to put in its slots.
 */

export const FILE_HEADER_SIZE = 4096;
export const CHUNK_SIZE = 65_536;
export const CHUNK_HEADER_SIZE = 512;
export const RECORD_HEADER_SIZE = 24;
/** Header, the smallest BinXml (end of stream) and the size repeated. */
export const RECORD_MIN_SIZE = RECORD_HEADER_SIZE + 1 + 4;
export const TEMPLATE_HEADER_SIZE = 24;

export const FILE_MAGIC = 'ElfFile\0';
export const CHUNK_MAGIC = 'ElfChnk\0';
export const RECORD_MAGIC = 0x0000_2a2a;

/** Offsets in the file header. */
export const FILE = {
  firstChunk: 8,
  lastChunk: 16,
  nextRecord: 24,
  headerSize: 32,
  minorVersion: 36,
  majorVersion: 38,
  blockSize: 40,
  chunkCount: 42,
  flags: 120,
  checksum: 124,
} as const;

/** Offsets in a chunk header. */
export const CHUNK = {
  firstNumber: 8,
  lastNumber: 16,
  firstId: 24,
  lastId: 32,
  headerSize: 40,
  lastRecord: 44,
  freeSpace: 48,
  dataChecksum: 52,
  flags: 120,
  headerChecksum: 124,
  strings: 128,
  templates: 384,
} as const;

export const FLAG_DIRTY = 1;
export const FLAG_NO_CHECKSUM = 4;

export const TOKEN = {
  end: 0x00,
  openElement: 0x01,
  closeStart: 0x02,
  closeEmpty: 0x03,
  closeElement: 0x04,
  value: 0x05,
  attribute: 0x06,
  cdata: 0x07,
  charRef: 0x08,
  entityRef: 0x09,
  piTarget: 0x0a,
  piData: 0x0b,
  instance: 0x0c,
  slot: 0x0d,
  optionalSlot: 0x0e,
  fragment: 0x0f,
  /** Set on the first five kinds when more of the same follow; it changes nothing in how they are read. */
  more: 0x40,
} as const;

export const VALUE = {
  null: 0x00,
  string: 0x01,
  ansi: 0x02,
  int8: 0x03,
  uint8: 0x04,
  int16: 0x05,
  uint16: 0x06,
  int32: 0x07,
  uint32: 0x08,
  int64: 0x09,
  uint64: 0x0a,
  real32: 0x0b,
  real64: 0x0c,
  bool: 0x0d,
  binary: 0x0e,
  guid: 0x0f,
  size: 0x10,
  filetime: 0x11,
  systemtime: 0x12,
  sid: 0x13,
  hex32: 0x14,
  hex64: 0x15,
  handle: 0x20,
  binxml: 0x21,
  eventXml: 0x23,
  /** Set beside a type for an array of it. */
  array: 0x80,
} as const;
