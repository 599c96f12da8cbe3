/** What the event store holds and what it costs on disk. Read from its catalogue; only the spans of time read data. */
import type { ColumnSize, Maintenance, PartitionSize, SourceSize } from '../../model/live/storage.ts';

export interface StoreStatus {
  readonly events: number;
  readonly bytesOnDisk: number;
  /** Of the `raw` column before compression: what the records were when they came. */
  readonly rawBytes: number;
  /** `rawBytes` by the bytes of the events table on disk; undefined while it is empty. */
  readonly timesSmaller: number | undefined;
  readonly tables: readonly { readonly table: string; readonly rows: number; readonly bytes: number }[];
  readonly partitions: readonly PartitionSize[];
  readonly sources: readonly SourceSize[];
  /** Of the events table, largest on disk first. */
  readonly columns: readonly ColumnSize[];
}

export async function readStatus(
  maintenance: Pick<Maintenance, 'partitions' | 'columns' | 'sources'>,
): Promise<StoreStatus> {
  const [partitions, columns, sources] = await Promise.all([
    maintenance.partitions(),
    maintenance.columns('events'),
    maintenance.sources(),
  ]);
  const tables = [...Map.groupBy(partitions, ({ table }) => table)].map(([table, inside]) => ({
    table,
    rows: sum(inside.map(({ rows }) => rows)),
    bytes: sum(inside.map(({ bytes }) => bytes)),
  }));
  const events = tables.find(({ table }) => table === 'events');
  const rawBytes = columns.find(({ name }) => name === 'raw')?.plainBytes ?? 0;
  return {
    events: events?.rows ?? 0,
    bytesOnDisk: sum(tables.map(({ bytes }) => bytes)),
    rawBytes,
    timesSmaller: events === undefined || events.bytes === 0 ? undefined : rawBytes / events.bytes,
    tables,
    partitions: partitions.filter(({ table }) => table === 'events'),
    sources,
    columns: columns.toSorted((a, b) => b.bytes - a.bytes),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
