/** Events of a span of time into one file, as NDJSON, CSV or Parquet. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import {
  type ExportFormat,
  type ExportRange,
  type Maintenance,
  StorageError,
} from '../../model/live/storage.ts';

/** @throws StorageError when the file is there already; StoreError */
export async function exportEvents(
  maintenance: Pick<Maintenance, 'export'>,
  range: ExportRange,
  to: { readonly format: ExportFormat; readonly file: string },
): Promise<void> {
  const file = path.resolve(to.file);
  if (existsSync(file)) {
    throw new StorageError({ en: `${file} is there already`, fr: `${file} existe déjà` });
  }
  await maintenance.export(range, to.format, file);
}
