/**
 * Writes EVTX files from plain fields, for tests and for simulated logs: file header, chunks with their hash tables and
 * checksums, one template for `System` and one for each list of `Data` names, as Windows lays them out. What the
 * decoder gives for the result is what went in, except that objects become JSON text, a list of one item that item,
 * an empty list null, and items of lists text. Every event goes into `EventData`; `UserData` is not written.
 */
import { Buffer } from 'node:buffer';
import type { Fields, FieldValue } from '../../model/event.ts';
import { crc32 } from './bytes.ts';
import { parseFiletime } from './filetime.ts';
import {
  CHUNK,
  CHUNK_HEADER_SIZE,
  CHUNK_MAGIC,
  CHUNK_SIZE,
  FILE,
  FILE_HEADER_SIZE,
  FILE_MAGIC,
  RECORD_MAGIC,
  TOKEN,
  VALUE,
} from './layout.ts';
import { type ChunkDraft, type ElementSpec, put, putInstance } from './write-template.ts';
import { type EncodedValue, encodeValue, uint16, uint32, uint64 } from './write-values.ts';

const NAMESPACE = 'http://schemas.microsoft.com/win/2004/08/events/event';

/** The fields of `System` in the order of their slots; the nested `EventData` has the slot after the last. */
const SYSTEM_SLOTS = [
  'Provider_Name',
  'Provider_Guid',
  'EventID',
  'Qualifiers',
  'Version',
  'Level',
  'Task',
  'Opcode',
  'Keywords',
  'TimeCreated',
  'EventRecordID',
  'Correlation_ActivityID',
  'Correlation_RelatedActivityID',
  'Execution_ProcessID',
  'Execution_ThreadID',
  'Channel',
  'Computer',
  'Security_UserID',
] as const;
const DATA_SLOT = SYSTEM_SLOTS.length;

const slotOf = (name: (typeof SYSTEM_SLOTS)[number]): number => SYSTEM_SLOTS.indexOf(name);

function plainElement(
  name: 'Version' | 'Level' | 'Task' | 'Opcode' | 'Keywords' | 'Channel' | 'Computer',
): ElementSpec {
  return { name, content: [slotOf(name)] };
}

const EVENT: ElementSpec = {
  name: 'Event',
  attributes: [['xmlns', NAMESPACE]],
  content: [
    {
      name: 'System',
      content: [
        {
          name: 'Provider',
          attributes: [
            ['Name', slotOf('Provider_Name')],
            ['Guid', slotOf('Provider_Guid')],
          ],
        },
        {
          name: 'EventID',
          attributes: [['Qualifiers', slotOf('Qualifiers')]],
          content: [slotOf('EventID')],
        },
        plainElement('Version'),
        plainElement('Level'),
        plainElement('Task'),
        plainElement('Opcode'),
        plainElement('Keywords'),
        { name: 'TimeCreated', attributes: [['SystemTime', slotOf('TimeCreated')]] },
        { name: 'EventRecordID', content: [slotOf('EventRecordID')] },
        {
          name: 'Correlation',
          attributes: [
            ['ActivityID', slotOf('Correlation_ActivityID')],
            ['RelatedActivityID', slotOf('Correlation_RelatedActivityID')],
          ],
        },
        {
          name: 'Execution',
          attributes: [
            ['ProcessID', slotOf('Execution_ProcessID')],
            ['ThreadID', slotOf('Execution_ThreadID')],
          ],
        },
        plainElement('Channel'),
        plainElement('Computer'),
        { name: 'Security', attributes: [['UserID', slotOf('Security_UserID')]] },
      ],
    },
    DATA_SLOT,
  ],
};

/**
 * An EVTX file with these events, in their order. `fields` are named as in docs/guides/record-fields.md: those of
 * `System` go there (`EventRecordID` counts up from 1 where it is missing), the others become `Data`.
 * @throws RangeError when one event does not fit into a chunk (64 KiB).
 * @example writeFileSync('Security.evtx', writeEvtx([{ EventID: 4624, Channel: 'Security', TargetUserName: 'a' }]))
 */
export function writeEvtx(events: readonly Fields[]): Buffer {
  const chunks: Buffer[] = [];
  let draft = startChunk();
  let state = { first: 1, count: 0, lastAt: CHUNK_HEADER_SIZE };
  events.forEach((fields, index) => {
    const number = index + 1;
    if (!tryRecord(draft, fields, number)) {
      if (state.count > 0) chunks.push(finishChunk(draft, state));
      draft = startChunk();
      state = { first: number, count: 0, lastAt: CHUNK_HEADER_SIZE };
      if (!tryRecord(draft, fields, number)) throw new RangeError('an event is larger than a chunk');
    }
    state.lastAt = draft.at - draft.bytes.readUInt32LE(draft.at - 4);
    state.count += 1;
  });
  if (state.count > 0 || chunks.length === 0) chunks.push(finishChunk(draft, state));
  return Buffer.concat([fileHeader(chunks.length, events.length), ...chunks]);
}

function startChunk(): ChunkDraft {
  const bytes = Buffer.alloc(CHUNK_SIZE);
  return { bytes, at: CHUNK_HEADER_SIZE, names: new Map(), templates: new Map() };
}

/** False when the chunk has no room left; the draft is then only good for `finishChunk`. */
function tryRecord(draft: ChunkDraft, fields: Fields, number: number): boolean {
  const start = draft.at;
  const before = Buffer.from(draft.bytes.subarray(0, CHUNK_HEADER_SIZE));
  const id = typeof fields.EventRecordID === 'number' ? fields.EventRecordID : number;
  const time = typeof fields.TimeCreated === 'string' ? parseFiletime(fields.TimeCreated) : undefined;
  put(draft, Buffer.concat([uint32(RECORD_MAGIC), uint32(0), uint64(BigInt(id)), uint64(time ?? 0n)]));
  putBinXml(draft, { ...fields, EventRecordID: id });
  while ((draft.at - start + 4) % 8 !== 0) put(draft, Buffer.alloc(1));
  const size = draft.at - start + 4;
  put(draft, uint32(size));
  if (draft.at > draft.bytes.length) {
    before.copy(draft.bytes);
    draft.bytes.fill(0, start);
    draft.at = start;
    return false;
  }
  draft.bytes.writeUInt32LE(size, start + 4);
  return true;
}

function putBinXml(draft: ChunkDraft, fields: Fields): void {
  put(draft, Buffer.from([TOKEN.fragment, 1, 1, 0]));
  const system = SYSTEM_SLOTS.map((name) => encodeValue(fields[name] ?? null));
  putInstance(draft, { root: EVENT, types: [...system.map(declaredType), VALUE.binxml] });
  // The nested value has to be written in place, since its template refers to offsets in the chunk: its size is
  // filled in afterwards.
  const nestedAt = putValues(draft, [...system, { type: VALUE.binxml, bytes: Buffer.alloc(0) }]);
  const start = draft.at;
  putEventData(draft, fields);
  if (nestedAt + 2 <= draft.bytes.length) draft.bytes.writeUInt16LE((draft.at - start) & 0xffff, nestedAt);
  put(draft, Buffer.from([TOKEN.end]));
}

/** A template declares what its slots hold; one that is empty this time is declared as text. */
function declaredType(value: EncodedValue): number {
  return value.type === VALUE.null ? VALUE.string : value.type;
}

/** Count, descriptors, values; returns where the last descriptor stands. */
function putValues(draft: ChunkDraft, values: readonly EncodedValue[]): number {
  put(draft, uint32(values.length));
  for (const { type, bytes } of values) {
    put(draft, Buffer.concat([uint16(Math.min(bytes.length, 0xffff)), Buffer.from([type, 0])]));
  }
  const lastDescriptor = draft.at - 4;
  for (const { bytes } of values) put(draft, bytes);
  return lastDescriptor;
}

function putEventData(draft: ChunkDraft, fields: Fields): void {
  const items = Object.entries(fields).flatMap(([name, value]) => dataItems(name, value));
  const content = items.map(
    ([name], slot): ElementSpec => ({
      name: 'Data',
      ...(name === '' ? {} : { attributes: [['Name', name] as const] }),
      content: [slot],
    }),
  );
  put(draft, Buffer.from([TOKEN.fragment, 1, 1, 0]));
  const values = items.map(([, value]) => encodeValue(value));
  putInstance(draft, { root: { name: 'EventData', content }, types: values.map(declaredType) });
  putValues(draft, values);
  put(draft, Buffer.from([TOKEN.end]));
}

const SYSTEM_NAMES: ReadonlySet<string> = new Set(SYSTEM_SLOTS);

/** `Data` of a field: none for those of `System`; an unnamed one for `Data`, several for a list of them. */
function dataItems(name: string, value: FieldValue): (readonly [string, FieldValue])[] {
  if (SYSTEM_NAMES.has(name)) return [];
  if (name === 'Data') return Array.isArray(value) ? value.map((item) => ['', item]) : [['', value]];
  const inner = name.startsWith('EventData_') ? name.slice('EventData_'.length) : name;
  return [[SYSTEM_NAMES.has(inner) ? inner : name, value]];
}

function finishChunk(draft: ChunkDraft, state: { first: number; count: number; lastAt: number }): Buffer {
  const { bytes } = draft;
  const firstId = bytes.readBigUInt64LE(CHUNK_HEADER_SIZE + 8);
  const lastId = bytes.readBigUInt64LE(state.lastAt + 8);
  bytes.write(CHUNK_MAGIC, 0, 'latin1');
  bytes.writeBigUInt64LE(BigInt(state.first), CHUNK.firstNumber);
  bytes.writeBigUInt64LE(BigInt(state.first + Math.max(0, state.count - 1)), CHUNK.lastNumber);
  bytes.writeBigUInt64LE(firstId, CHUNK.firstId);
  bytes.writeBigUInt64LE(lastId, CHUNK.lastId);
  bytes.writeUInt32LE(128, CHUNK.headerSize);
  bytes.writeUInt32LE(state.lastAt, CHUNK.lastRecord);
  bytes.writeUInt32LE(draft.at, CHUNK.freeSpace);
  bytes.writeUInt32LE(crc32(bytes, CHUNK_HEADER_SIZE, draft.at), CHUNK.dataChecksum);
  bytes.writeUInt32LE(crc32(bytes, 128, CHUNK_HEADER_SIZE, crc32(bytes, 0, 120)), CHUNK.headerChecksum);
  return bytes;
}

function fileHeader(chunks: number, records: number): Buffer {
  const bytes = Buffer.alloc(FILE_HEADER_SIZE);
  bytes.write(FILE_MAGIC, 0, 'latin1');
  bytes.writeBigUInt64LE(BigInt(chunks - 1), FILE.lastChunk);
  bytes.writeBigUInt64LE(BigInt(records + 1), FILE.nextRecord);
  bytes.writeUInt32LE(128, FILE.headerSize);
  bytes.writeUInt16LE(1, FILE.minorVersion);
  bytes.writeUInt16LE(3, FILE.majorVersion);
  bytes.writeUInt16LE(FILE_HEADER_SIZE, FILE.blockSize);
  bytes.writeUInt16LE(Math.min(chunks, 0xffff), FILE.chunkCount);
  bytes.writeUInt32LE(crc32(bytes, 0, 120), FILE.checksum);
  return bytes;
}
