/** What the event store holds and what it costs on disk. Read from its catalogue; only the spans of time read data. */
import {
  type Maintenance,
  RETAINED,
  type Retained,
  type RetentionSettings,
  type StoreStatus,
} from '../../model/live/storage.ts';

/** Rows to read texts of, about, for their mean length. */
const SAMPLE_ROWS = 500_000;

/** What the system of record adds. */
export interface StatusBeside {
  readonly retention: RetentionSettings;
  readonly looks: { readonly rows: number; readonly oldestAtMillis: number | undefined };
}

export async function readStatus(
  maintenance: Pick<Maintenance, 'partitions' | 'columns' | 'sources' | 'texts' | 'rowAges'>,
  { retention, looks }: StatusBeside,
): Promise<StoreStatus> {
  const partitions = await maintenance.partitions();
  const tables = [...Map.groupBy(partitions, ({ table }) => table)].map(([table, inside]) => ({
    table,
    rows: sum(inside.map(({ rows }) => rows)),
    bytes: sum(inside.map(({ bytes }) => bytes)),
  }));
  const events = tables.find(({ table }) => table === 'events') ?? { rows: 0, bytes: 0 };
  const columns = await maintenance.columns('events');
  const means = await maintenance.texts(Math.max(1, Math.floor(events.rows / SAMPLE_ROWS)));
  const sources = (await maintenance.sources()).map((row) => ({
    ...row,
    // A source too rare for the sample counts for little anyway.
    keptDays: retention.sources.find(({ source }) => source === row.source)?.days ?? retention.defaultDays,
    rawBytes: Math.round(row.events * (means.find(({ source }) => source === row.source)?.meanBytes ?? 0)),
  }));
  const kept: StoreStatus['kept'][number][] = [];
  for (const what of RETAINED) kept.push(await keptOf(maintenance, what, retention));
  kept.push({ what: 'looks', ...looks, keptDays: retention.rows.looks });
  const rawBytes = sum(sources.map((row) => row.rawBytes));
  return {
    events: events.rows,
    bytesOnDisk: sum(tables.map(({ bytes }) => bytes)),
    rawBytes,
    timesSmaller: events.bytes === 0 ? undefined : rawBytes / events.bytes,
    tables,
    partitions: partitions.filter(({ table }) => table === 'events'),
    sources,
    kept,
    columns: columns.toSorted((a, b) => b.bytes - a.bytes),
  };
}

async function keptOf(
  maintenance: Pick<Maintenance, 'rowAges'>,
  what: Retained,
  retention: RetentionSettings,
): Promise<StoreStatus['kept'][number]> {
  const ages = await maintenance.rowAges(what, { beforeMillis: 0, holds: [] });
  return {
    what,
    rows: sum(ages.map(({ rows }) => rows)),
    oldestAtMillis: ages.length === 0 ? undefined : Math.min(...ages.map((age) => age.oldestAtMillis)),
    keptDays: retention.rows[what],
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
