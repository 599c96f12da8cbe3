/** `vigie search`: the stored events that match a search, counted over time or by value, as tables or for machines. */

import { writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { csvRow } from '../lib/csv.ts';
import { ask, countFrom, fetchFile, queryString } from './ask.ts';
import type { CommandContext, Service } from './command.ts';
import { fileComplaint } from './file-complaint.ts';
import { SEARCH_TEXT } from './i18n/search-text.ts';
import { printable, textTable } from './text-table.ts';

const MAX_SHOWN = 1_000;
const PAGE = 1_000;
const MAX_FILE_EVENTS = 200_000;
const BAR_WIDTH = 50;

const EcsValue = z.union([z.string(), z.number(), z.array(z.string())]);
const StoredEvent = z.looseObject({
  id: z.string(),
  '@timestamp': z.string(),
  source: z.string(),
  peer: z.string(),
  ecs: z.record(z.string(), EcsValue),
  fields: z.record(z.string(), z.string()),
  raw: z.string(),
});
type StoredEvent = z.infer<typeof StoredEvent>;
const Unknown = z.array(z.object({ name: z.string(), near: z.array(z.string()) }));
const Page = z.object({
  items: z.array(StoredEvent),
  next: z.string().nullable(),
  unknownFields: Unknown,
});
const Histogram = z.object({
  unknownFields: Unknown,
  bucketSeconds: z.number(),
  total: z.number(),
  buckets: z.array(z.object({ at: z.string(), events: z.number() })),
});
const Values = z.object({
  unknownFields: Unknown,
  values: z.array(z.object({ value: z.string(), events: z.number() })),
});
const Fields = z.object({ items: z.array(z.object({ name: z.string(), kind: z.string() })) });

interface SearchFlags {
  readonly last?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly limit: string;
  readonly all?: true;
  readonly format: 'table' | 'jsonl' | 'csv';
  readonly columns?: string;
  readonly parquet?: string;
  readonly histogram?: true;
  readonly values?: string;
  readonly listFields?: true;
  readonly json?: true;
  readonly save?: string;
  readonly saved?: string;
}

export function registerSearch(program: Command, context: CommandContext): void {
  const text = SEARCH_TEXT[context.lang];
  program
    .command('search')
    .description(text.search)
    .argument('[query...]', text.query)
    .option('--last <length>', text.last)
    .option('--from <time>', text.from)
    .option('--to <time>', text.to)
    .option('-n, --limit <n>', text.limit, '50')
    .option('--all', text.all)
    .addOption(
      new Option('--format <format>', text.format).choices(['table', 'jsonl', 'csv']).default('table'),
    )
    .option('--columns <fields>', text.columns)
    .option('--parquet <file>', text.parquet)
    .option('--histogram', text.histogram)
    .option('--values <field>', text.values)
    .option('--list-fields', text.listFields)
    .option('--save <name>', text.save)
    .option('--saved <name>', text.saved)
    .option('--json', text.json)
    .addHelpText('after', text.after)
    .action((words: string[], flags: SearchFlags) => start(words.join(' '), { flags, context }));
}

interface Run {
  readonly flags: SearchFlags;
  readonly context: CommandContext;
}

/** What was saved is taken where nothing else is said; what is to be saved has to be answered first. */
async function start(query: string, { flags, context }: Run): Promise<void> {
  const { save, saved } = flags;
  const before = saved === undefined ? undefined : await takeSaved(saved, context);
  const { last, from, to } = flags;
  const isSpanSaid = [last, from, to].some((part) => part !== undefined);
  const span = isSpanSaid || before === undefined ? { last, from, to } : before.span;
  const merged = { ...flags, ...span };
  const words = query === '' ? (before?.query ?? '') : query;
  await context.withService((service) => run(service, words, { flags: merged, context }));
  if (save === undefined) return;
  const { saveSearch } = await import('../areas/anticipate/index.ts');
  const options = Object.fromEntries(Object.entries(span).filter(([, part]) => part !== undefined));
  const { actor, clock } = context;
  const search = { name: save, query: words, options };
  await context.withRecord((store) => saveSearch({ store, clock }, actor, search));
}

const Span = z.object({
  last: z.string().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
});

async function takeSaved(name: string, { clock, withRecord }: CommandContext) {
  const { findSavedSearch } = await import('../areas/anticipate/index.ts');
  const { query, options } = await withRecord((store) => findSavedSearch({ store, clock }, name));
  return { query, span: Span.parse(options) };
}

async function run(service: Service, query: string, { flags, context }: Run): Promise<void> {
  const { last, from, to } = flags;
  const asked = { q: query, last, from, to };
  if (flags.listFields === true) return showFields(service, { flags, context });
  if (flags.parquet !== undefined) return saveParquet(service, asked, flags.parquet);
  if (flags.values !== undefined) return showValues(service, asked, { flags, context });
  if (flags.histogram === true) return showHistogram(service, asked, { flags, context });
  return showEvents(service, asked, { flags, context });
}

type Asked = Readonly<Record<'q', string>> & Readonly<Record<'last' | 'from' | 'to', string | undefined>>;

/** A file that is there is not written over. */
async function saveParquet(service: Service, asked: Asked, file: string): Promise<void> {
  const route = `/api/events/export${queryString({ ...asked, limit: MAX_FILE_EVENTS })}`;
  const bytes = await fetchFile(service, route);
  try {
    await writeFile(file, bytes, { flag: 'wx' });
  } catch (error) {
    throw fileComplaint(file, error);
  }
}

async function showEvents(service: Service, asked: Asked, { flags, context }: Run): Promise<void> {
  const text = SEARCH_TEXT[context.lang];
  const limit =
    flags.all === true ? Number.POSITIVE_INFINITY : countFrom(flags.limit, MAX_SHOWN, '--limit', context);
  const write = createWriter(flags, context);
  let shown = 0;
  let next: string | null = '';
  let unknown: z.infer<typeof Unknown> = [];
  while (next !== null && shown < limit) {
    const cursor: string | undefined = next === '' ? undefined : next;
    const route = `/api/events${queryString({ ...asked, limit: Math.min(PAGE, limit - shown), cursor })}`;
    const page: z.infer<typeof Page> = await ask(service, { method: 'GET', route }, Page);
    shown += page.items.length;
    unknown = page.unknownFields;
    await write(page.items);
    next = page.next;
  }
  if (shown === 0) context.io.err(`${await noneText(asked, unknown, text)}\n`);
  else if (next !== null) context.io.err(`${text.more(shown)}\n`);
}

type Text = (typeof SEARCH_TEXT)['en'];

async function noneText(asked: Asked, unknown: z.infer<typeof Unknown>, text: Text): Promise<string> {
  const { hasWholeWords } = await import('../areas/anticipate/index.ts');
  return withReasons(hasWholeWords(asked.q) ? text.noneOfWords : text.none, { asked, unknown, text });
}

interface Reasons {
  readonly asked: Asked;
  readonly unknown: z.infer<typeof Unknown>;
  readonly text: Text;
}

/**
 * Fields nothing has are named. Where no span was asked for, the one that was looked at is said: nothing in it is not
 * nothing at all.
 */
function withReasons(none: string, { asked, unknown, text }: Reasons): string {
  const { last, from, to } = asked;
  const isSpanSaid = [last, from, to].some((part) => part !== undefined);
  const fields = unknown.map(({ name, near }) => printable(text.unknownField(name, near)));
  return [none, ...fields, ...(isSpanSaid ? [] : [text.lately])].join(' ');
}

const DEFAULT_COLUMNS = ['@timestamp', 'host.name', 'vigie.source', 'user.name', 'event.action', 'raw'];

/** Writes page after page: a table a page, or one line an event. */
function createWriter(
  flags: SearchFlags,
  { io, lang }: CommandContext,
): (events: readonly StoredEvent[]) => Promise<void> {
  const format = flags.json === true ? 'jsonl' : flags.format;
  const columns = flags.columns?.split(',').map((name) => name.trim()) ?? DEFAULT_COLUMNS;
  let hasHead = false;
  return async (events) => {
    if (events.length === 0) return;
    if (format === 'jsonl') return io.out(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    if (format === 'csv') {
      const head = hasHead ? [] : [csvRow(columns.map(headOf))];
      hasHead = true;
      return io.out(
        [...head, ...events.map((event) => csvRow(columns.map((name) => cellOf(event, name))))].join(''),
      );
    }
    const titles = columns.map((name) => ({
      title: titleOf(name, lang),
      maxWidth: name === 'raw' ? 110 : 36,
    }));
    return io.out(
      textTable(
        titles,
        events.map((event) => columns.map((name) => shortCell(event, name))),
      ),
    );
  };
}

/** As `vigie hunt` heads it: a spreadsheet would take the sign for a formula, and an apostrophe would hide the name. */
function headOf(name: string): string {
  return name === '@timestamp' ? 'timestamp' : name;
}

function titleOf(name: string, lang: CommandContext['lang']): string {
  const text = SEARCH_TEXT[lang];
  const known: Readonly<Record<string, string>> = {
    '@timestamp': text.columnTime,
    'host.name': text.columnHost,
    'vigie.source': text.columnSource,
    'user.name': text.columnUser,
    'event.action': text.columnAction,
    raw: text.columnRecord,
  };
  return known[name] ?? name;
}

function cellOf(event: StoredEvent, name: string): string {
  if (name === 'vigie.source') return event.source;
  const value = event.ecs[name] ?? event.fields[name] ?? event[name] ?? '';
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** For people: to the second, and the sender where a record names no host. */
function shortCell(event: StoredEvent, name: string): string {
  if (name === '@timestamp') return event['@timestamp'].slice(0, 19).replace('T', ' ');
  const cell = cellOf(event, name);
  return cell === '' && name === 'host.name' ? event.peer : cell;
}

async function showHistogram(service: Service, asked: Asked, { flags, context }: Run): Promise<void> {
  const text = SEARCH_TEXT[context.lang];
  const route = `/api/events/histogram${queryString({ ...asked, buckets: 48 })}`;
  const histogram = await ask(service, { method: 'GET', route }, Histogram);
  if (flags.json === true) return context.io.out(`${JSON.stringify(histogram)}\n`);
  const most = Math.max(1, ...histogram.buckets.map(({ events }) => events));
  const bar = context.io.unicode ? '█' : '#';
  const rows = histogram.buckets.map(({ at, events }) => [
    at.slice(0, 19).replace('T', ' '),
    String(events).padStart(String(most).length),
    bar.repeat(Math.ceil((events / most) * BAR_WIDTH)),
  ]);
  const columns = [{ title: text.columnTime }, { title: text.columnEvents }, { title: '' }];
  await context.io.out(`${textTable(columns, rows)}${text.total(histogram.total)}\n`);
  const { total, unknownFields: unknown } = histogram;
  if (total === 0) context.io.err(`${withReasons(text.none, { asked, unknown, text })}\n`);
}

async function showValues(service: Service, asked: Asked, { flags, context }: Run): Promise<void> {
  const text = SEARCH_TEXT[context.lang];
  const limit = countFrom(flags.limit, 100, '--limit', context);
  const route = `/api/events/values${queryString({ ...asked, field: flags.values, limit })}`;
  const { values, unknownFields: unknown } = await ask(service, { method: 'GET', route }, Values);
  if (flags.json === true) return context.io.out(`${JSON.stringify(values)}\n`);
  if (values.length === 0) return context.io.err(`${withReasons(text.none, { asked, unknown, text })}\n`);
  const columns = [{ title: text.columnEvents }, { title: printable(flags.values ?? ''), maxWidth: 120 }];
  await context.io.out(
    textTable(
      columns,
      values.map(({ value, events }) => [String(events), value]),
    ),
  );
}

async function showFields(service: Service, { flags, context }: Run): Promise<void> {
  const text = SEARCH_TEXT[context.lang];
  const { items } = await ask(service, { method: 'GET', route: '/api/events/fields' }, Fields);
  if (flags.json === true) return context.io.out(`${JSON.stringify(items)}\n`);
  const columns = [{ title: text.columnField }, { title: text.columnKind }];
  await context.io.out(
    textTable(
      columns,
      items.map(({ name, kind }) => [name, kind]),
    ),
  );
}
