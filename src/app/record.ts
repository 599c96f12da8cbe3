/** Opens the system of record where the configuration says it is. */
import path from 'node:path';
import type { RecordStore } from '../model/live/record-store.ts';
import { systemClock } from '../platform/clock.ts';
import { openRecordStore } from '../store/index.ts';

/**
 * PostgreSQL by its address, else a file in the data directory.
 * @throws RecordError
 */
export function openRecord(
  dataDirectory: string,
  databaseUrl: string | undefined,
  onConnectionLost: (error: Error) => void = () => {},
): Promise<RecordStore> {
  return openRecordStore(
    databaseUrl === undefined
      ? { kind: 'sqlite', file: path.join(dataDirectory, 'record.db') }
      : { kind: 'postgres', url: databaseUrl },
    { clock: systemClock, onConnectionLost },
  );
}
