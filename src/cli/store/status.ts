/** What the event store holds, as tables for the terminal. */
import type { StoreStatus } from '../../model/live/storage.ts';
import type { CommandContext } from '../command.ts';
import { STORE_TEXT } from '../i18n/store-text.ts';
import { textTable } from '../text-table.ts';

type Reader = Pick<CommandContext, 'lang'>;

const MOST_DAYS = 31;
const MOST_COLUMNS = 15;
const UNITS = { en: ['B', 'kB', 'MB', 'GB', 'TB'], fr: ['o', 'ko', 'Mo', 'Go', 'To'] } as const;

export function statusTables(status: StoreStatus, reader: Reader): string {
  const text = STORE_TEXT[reader.lang];
  const total = text.total(
    numberText(status.events, reader),
    bytesText(status.bytesOnDisk, reader),
    bytesText(status.rawBytes, reader),
    // Of a few events, what stands around them is the larger part.
    (status.timesSmaller ?? 0) > 1 ? numberText(status.timesSmaller ?? 0, reader) : undefined,
  );
  return [
    total,
    sources(status, reader),
    kept(status, reader),
    days(status, reader),
    // All small parts: their columns lie in one file, and no size of one is known.
    ...(status.columns.some(({ bytes }) => bytes > 0) ? [columns(status, reader)] : []),
  ]
    .map((part) => part.trimEnd())
    .join('\n\n');
}

function sources(status: StoreStatus, reader: Reader): string {
  const { columns: title } = STORE_TEXT[reader.lang];
  return textTable(
    [title.source, title.events, title.raw, title.oldest, title.newest, title.kept].map((name) => ({
      title: name,
    })),
    status.sources.map((row) => [
      row.source,
      numberText(row.events, reader),
      bytesText(row.rawBytes, reader),
      timeText(row.oldestAtMillis),
      timeText(row.newestAtMillis),
      STORE_TEXT[reader.lang].days(row.keptDays),
    ]),
  );
}

/** What names people beside the events, and how long it stays. */
function kept(status: StoreStatus, reader: Reader): string {
  const { columns: title, kept: names, days: daysText, fixed } = STORE_TEXT[reader.lang];
  const table = textTable(
    [title.what, title.rows, title.oldest, title.kept].map((name) => ({ title: name })),
    status.kept.map((row) => [
      names[row.what],
      numberText(row.rows, reader),
      row.oldestAtMillis === undefined ? '—' : timeText(row.oldestAtMillis),
      daysText(row.keptDays),
    ]),
  );
  return `${table}\n${fixed}`;
}

function days(status: StoreStatus, reader: Reader): string {
  const { columns: title } = STORE_TEXT[reader.lang];
  return textTable(
    [title.day, title.events, title.bytes, title.parts].map((name) => ({ title: name })),
    status.partitions
      .slice(-MOST_DAYS)
      .map((row) => [
        row.partition,
        numberText(row.rows, reader),
        bytesText(row.bytes, reader),
        String(row.parts),
      ]),
  );
}

function columns(status: StoreStatus, reader: Reader): string {
  const { columns: title } = STORE_TEXT[reader.lang];
  return textTable(
    [title.column, title.bytes, title.plain, title.ratio].map((name) => ({ title: name })),
    status.columns
      .slice(0, MOST_COLUMNS)
      .map((row) => [
        row.name,
        bytesText(row.bytes, reader),
        bytesText(row.plainBytes, reader),
        row.bytes === 0 ? '—' : numberText(row.plainBytes / row.bytes, reader),
      ]),
  );
}

/** @example bytesText(1_500_000, { lang: 'en' }) // '1.5 MB' */
export function bytesText(bytes: number, reader: Reader): string {
  const power = bytes < 1 ? 0 : Math.min(4, Math.floor(Math.log10(bytes) / 3));
  return `${numberText(bytes / 1000 ** power, reader)} ${UNITS[reader.lang][power]}`;
}

export function numberText(number: number, { lang }: Reader): string {
  return new Intl.NumberFormat(lang, { maximumFractionDigits: number < 100 ? 1 : 0 }).format(number);
}

function timeText(millis: number): string {
  return new Date(millis).toISOString().slice(0, 19).replace('T', ' ');
}
