/** Support of the EVTX tests: decodes bytes to the end and collects what comes out. */
import { Buffer } from 'node:buffer';
import type { FieldValue, LogRecord } from '../../../model/event.ts';
import type { Issue } from '../../../model/issue.ts';
import { createEvtxDecoder, type EvtxOptions } from '../decoder.ts';

export interface Decoded {
  readonly records: LogRecord[];
  readonly issues: Issue[];
}

export function decodeAll(
  bytes: Uint8Array,
  options: Partial<EvtxOptions> = {},
  sliceSize = Number.POSITIVE_INFINITY,
): Decoded {
  const records: LogRecord[] = [];
  const issues: Issue[] = [];
  const decoder = createEvtxDecoder(
    { path: 'test.evtx', ...options },
    { record: (record) => records.push(record), issue: (issue) => issues.push(issue) },
  );
  for (let at = 0; at < bytes.length; at += sliceSize) decoder.push(bytes.subarray(at, at + sliceSize));
  decoder.end();
  return { records, issues };
}

export function codesOf({ issues }: Decoded): string[] {
  return issues.map((issue) => issue.code);
}

/** One ordinary event; `more` goes into its data. */
export function sampleEvent(
  number: number,
  more: Record<string, FieldValue> = {},
): Record<string, FieldValue> {
  return {
    Provider_Name: 'Vigie-Test',
    Provider_Guid: '{5770385F-C22A-43E0-BF4C-06F5698FFBD9}',
    EventID: 4624,
    Level: 4,
    Keywords: '0x8020000000000000',
    TimeCreated: `2026-11-24T08:00:00.${String(number).padStart(7, '0')}Z`,
    EventRecordID: number,
    Channel: 'Security',
    Computer: 'ward-3.hospital.example',
    TargetUserName: `user${number}`,
    ...more,
  };
}

export function sampleEvents(count: number): Record<string, FieldValue>[] {
  return Array.from({ length: count }, (_, index) => sampleEvent(index + 1));
}

/** A changed copy. */
export function edited(bytes: Buffer, edit: (copy: Buffer) => void): Buffer {
  const copy = Buffer.from(bytes);
  edit(copy);
  return copy;
}
