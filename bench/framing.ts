/**
 * What framing costs a record, by lines and by counts: the part of a receiver that runs for every record. Processor time
 * of one thread, on bytes that come in pieces of 64 KiB as from a socket.
 */
import { createFramer } from '../src/areas/ingest/receivers/shared/framer.ts';
import { type Figure, median } from './figure.ts';

const RECORDS = 200_000;
const ROUNDS = 9;
const PIECE_BYTES = 65_536;
const RECORD = `<13>1 2026-11-26T01:00:00Z ward sshd 12 - - ${'Failed password for invalid user '.repeat(4)}`;

export function run(): Promise<readonly Figure[]> {
  const forms = { lines: `${RECORD}\n`, counted: `${RECORD.length} ${RECORD}` };
  return Promise.resolve(
    Object.entries(forms).map(([name, wire]) => ({
      name: `framing, ${name}`,
      value: median(
        Array.from({ length: ROUNDS }, () => nanosecondsPerRecord(Buffer.from(wire.repeat(RECORDS)))),
      ),
      unit: 'ns/record',
      target: '≤ 1,000 (3 % of a core at 30,000 records/s)',
    })),
  );
}

function nanosecondsPerRecord(wire: Buffer): number {
  const framer = createFramer({
    maxRecordBytes: 1024 * 1024,
    fullBytes: 512 * 1024,
    fullRecords: 16_384,
    isSyslog: true,
    onMalformed: () => undefined,
  });
  let records = 0;
  const startedAt = process.cpuUsage();
  for (let at = 0; at < wire.length; at += PIECE_BYTES) {
    framer.push(wire.subarray(at, at + PIECE_BYTES));
    if (framer.isFull) records += (framer.take()?.spans.length ?? 0) / 2;
  }
  records += (framer.take()?.spans.length ?? 0) / 2;
  const used = process.cpuUsage(startedAt);
  if (records !== RECORDS) throw new Error(`${records} records framed of ${RECORDS}`);
  return ((used.user + used.system) * 1000) / RECORDS;
}
