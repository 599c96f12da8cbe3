/** `vigie store status|backup|restore|export|retention`: the event store itself. */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { type Command, Option } from 'commander';

import {
  type CheckReport,
  checkParts,
  readRetention,
  restoreBackup,
  setPartsAside,
  setRetention,
} from '../areas/storage/index.ts';
import { StoreError } from '../model/live/event-store.ts';
import {
  EXPORT_FORMATS,
  type ExportFormat,
  KEPT,
  type RetentionReport,
  StorageError,
} from '../model/live/storage.ts';
import { ConfigError } from '../platform/config.ts';
import { type LiveConfig, readLiveConfig } from '../platform/live-config.ts';
import { type CommandContext, type OpenedStorage, type Service, UsageError } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { STORE_TEXT } from './i18n/store-text.ts';
import { spokenConfig } from './spoken.ts';
import { askStatus, runTask } from './store/ask.ts';
import { registerHolds } from './store/holds.ts';
import { bytesText, numberText, statusTables } from './store/status.ts';
import { timeOf } from './store/time.ts';

interface CommonFlags {
  readonly config?: string;
  readonly json?: true;
  /** The global option. */
  readonly data?: string;
}

interface ExportFlags extends CommonFlags {
  readonly from: string;
  readonly to?: string;
  readonly source?: string;
  readonly format: ExportFormat | 'jsonl';
  readonly out: string;
}

interface CheckFlags extends CommonFlags {
  readonly setAside?: true;
}

interface RetentionFlags extends CommonFlags {
  readonly set?: string;
  readonly apply?: true;
}

/** ClickHouse: another process has the directory. */
const CANNOT_LOCK = 76;

export function registerStore(program: Command, context: CommandContext): void {
  const text = STORE_TEXT[context.lang];
  const store = program.command('store').description(text.store).addHelpText('after', text.after);
  const withData = <T extends object>(flags: T): T & { readonly data?: string } => ({
    ...flags,
    ...program.opts<{ data?: string }>(),
  });
  const add = (name: string, description: string): Command =>
    store
      .command(name)
      .description(description)
      .option('--config <file>', text.config)
      .option('--json', text.json);
  add('status', text.status).action((flags: CommonFlags) => status(withData(flags), context));
  add('backup <directory>', text.backup).action((directory: string, flags: CommonFlags) =>
    backup(directory, withData(flags), context),
  );
  add('restore <directory>', text.restore).action((directory: string, flags: CommonFlags) =>
    restore(directory, withData(flags), context),
  );
  add('check', text.check)
    .option('--set-aside', text.setAside)
    .action((flags: CheckFlags) => check(withData(flags), context));
  add('export', text.export)
    .requiredOption('--from <time>', text.from)
    .option('--to <time>', text.to)
    .option('--source <id>', text.source)
    // `hunt` and `search` call it jsonl.
    .addOption(
      new Option('--format <format>', text.format).choices([...EXPORT_FORMATS, 'jsonl']).default('ndjson'),
    )
    .requiredOption('--out <file>', text.out)
    .action((flags: ExportFlags) => exportRange(withData(flags), context));
  add('retention', text.retention)
    .option('--set <source=days>', text.set)
    .option('--apply', text.apply)
    .action((flags: RetentionFlags) => retention(withData(flags), context));
  registerHolds(store, context);
}

async function status(flags: CommonFlags, context: CommandContext): Promise<void> {
  const found = await withStore(flags, context, askStatus);
  await context.io.out(flags.json === true ? `${JSON.stringify(found)}\n` : statusTables(found, context));
}

async function backup(directory: string, flags: CommonFlags, context: CommandContext): Promise<void> {
  const body = { directory: path.resolve(directory) };
  const { backup: report } = await withStore(flags, context, (service) =>
    runTask(service, { route: '/api/storage/backups', body }, context),
  );
  const { partitions = 0, rows = 0, bytes = 0 } = report ?? {};
  const text = STORE_TEXT[context.lang];
  const sentence = text.saved(partitions, numberText(rows, context), bytesText(bytes, context));
  await say({ partitions, rows, bytes }, sentence, { flags, context });
}

async function restore(directory: string, flags: CommonFlags, context: CommandContext): Promise<void> {
  const report = await withStorage(flags, { context, mayBeNew: true }, async ({ maintenance, record }) => {
    const done = await restoreBackup(maintenance, directory);
    const note = { action: 'storage.restored', subject: path.resolve(directory), details: { ...done } };
    await record.change(context.actor, async () => ({ value: undefined, notes: [note] }));
    return done;
  });
  const sentence = STORE_TEXT[context.lang].restored(report.partitions, numberText(report.rows, context));
  await say(report, sentence, { flags, context });
}

/** Says what is damaged; 1 when something is. */
async function check(flags: CheckFlags, context: CommandContext): Promise<void> {
  const report = await withStorage(flags, { context }, async ({ maintenance }) => {
    const found = await checkParts(maintenance);
    return flags.setAside === true ? setPartsAside(maintenance, found) : found;
  });
  await say(report, checkText(report, context), { flags, context });
  context.exit(report.damaged.length + report.aside.length === 0 ? EXIT.ok : EXIT.found);
}

function checkText({ tables, damaged, aside }: CheckReport, context: CommandContext): string {
  const text = STORE_TEXT[context.lang];
  const lines = [
    ...damaged.map(({ table, name, partition, rows = 0 }) =>
      text.damaged(`${table} ${name}`, partition, numberText(rows, context)),
    ),
    ...aside.map(({ table, name, partition }) => text.aside(`${table} ${name}`, partition)),
  ];
  return lines.length === 0 ? text.sound(tables) : [...lines, text.checkAdvice].join('\n');
}

async function exportRange(flags: ExportFlags, context: CommandContext): Promise<void> {
  const file = path.resolve(flags.out);
  const fromMillis = timeOf(flags.from, context);
  const toMillis = flags.to === undefined ? context.clock.nowMillis() : timeOf(flags.to, context);
  if (fromMillis >= toMillis) throw new UsageError(STORE_TEXT[context.lang].emptySpan);
  const body = {
    from: new Date(fromMillis).toISOString(),
    to: new Date(toMillis).toISOString(),
    format: flags.format === 'jsonl' ? 'ndjson' : flags.format,
    file,
    ...(flags.source === undefined ? {} : { source: flags.source }),
  };
  await withStore(flags, context, (service) =>
    runTask(service, { route: '/api/storage/exports', body }, context),
  );
  await say({ file }, STORE_TEXT[context.lang].exported(flags.out), { flags, context });
}

async function retention(flags: RetentionFlags, context: CommandContext): Promise<void> {
  const text = STORE_TEXT[context.lang];
  if (flags.set !== undefined) {
    const [, what, days] = /^([\w.-]+)=(\d{1,6}|default)$/.exec(flags.set) ?? [];
    if (what === undefined) throw new UsageError(text.badSet(flags.set));
    const change = { what, days: days === 'default' ? undefined : Number(days) };
    await inWords(context, () => context.withRecord((record) => setRetention(record, context.actor, change)));
    if (change.days !== undefined) await warnOfUnknown(what, flags, context);
  }
  if (flags.apply === true) {
    const { retention: report } = await withStore(flags, context, (service) =>
      runTask(service, { route: '/api/storage/retention/apply' }, context),
    );
    return say(report ?? {}, deletedText(report, context), { flags, context });
  }
  const { defaultDays, sources, rows } = await context.withRecord(readRetention);
  const lines = [
    ...sources.map(({ source, days }) => [source, days] as const),
    [text.otherSources, defaultDays] as const,
    ...KEPT.map((what) => [text.kept[what], rows[what]] as const),
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  const table = lines.map(([name, days]) => `${name.padEnd(width)}  ${text.days(days)}`).join('\n');
  const told = sources.map(({ source, days }) => ({ source, retentionDays: days }));
  await say({ defaultDays, sources: told, rows }, table, { flags, context });
}

/** A warning only: the source may be one that is written later, or was once there. */
async function warnOfUnknown(what: string, flags: CommonFlags, context: CommandContext): Promise<void> {
  if (KEPT.some((kept) => kept === what)) return;
  const { isKnownSource } = await import('./store/known-source.ts');
  const { overlay } = await readConfiguration(flags, context);
  if (!isKnownSource(what, overlay)) context.io.err(`${STORE_TEXT[context.lang].noSuchSource(what)}\n`);
}

function deletedText(report: RetentionReport | null, context: CommandContext): string {
  const { deletedEvents = 0, deletedRows, heldEvents = 0, heldRows = 0 } = report ?? {};
  const number = (count: number): string => numberText(count, context);
  return STORE_TEXT[context.lang].deleted({
    events: number(deletedEvents),
    signals: number(deletedRows?.signals ?? 0),
    letters: number(deletedRows?.['dead-letters'] ?? 0),
    looks: number(deletedRows?.looks ?? 0),
    held: number(heldEvents + heldRows),
  });
}

async function say(
  report: object,
  sentence: string,
  { flags, context }: { readonly flags: CommonFlags; readonly context: CommandContext },
): Promise<void> {
  await context.io.out(`${flags.json === true ? JSON.stringify(report) : sentence}\n`);
}

/**
 * Asks the running service, or the stores themselves when nobody runs there.
 * @throws UsageError saying why the store could not be opened or the work not be done
 */
async function withStore<T>(
  flags: CommonFlags,
  context: CommandContext,
  work: (service: Service) => Promise<T>,
): Promise<T> {
  const config = await readConfiguration(flags, context);
  requireStore(config, context);
  return inWords(context, () => context.withService(work, config));
}

/** For what needs the store for itself. @throws UsageError as `withStore`, and when a service runs there */
async function withStorage<T>(
  flags: CommonFlags,
  { context, mayBeNew = false }: { readonly context: CommandContext; readonly mayBeNew?: boolean },
  work: (storage: OpenedStorage) => Promise<T>,
): Promise<T> {
  const config = await readConfiguration(flags, context);
  if (!mayBeNew) requireStore(config, context);
  return inWords(context, async () => {
    const storage = await context.openStorage(config);
    if (storage === undefined) throw new UsageError(STORE_TEXT[context.lang].inUse);
    try {
      return await work(storage);
    } finally {
      await storage.close();
    }
  });
}

/** A directory without events is not made by asking it. */
function requireStore(config: LiveConfig, context: CommandContext): void {
  const directory = path.join(config.dataDirectory, 'events');
  if (config.eventStore.kind === 'embedded' && !existsSync(directory)) {
    throw new UsageError(STORE_TEXT[context.lang].none(directory));
  }
}

async function readConfiguration(flags: CommonFlags, context: CommandContext): Promise<LiveConfig> {
  const overrides = {
    ...(flags.data === undefined ? {} : { dataDirectory: flags.data }),
    ...(flags.config === undefined ? {} : { configFile: flags.config }),
  };
  const kinds = await context.receiverKinds();
  try {
    return readLiveConfig(overrides, { config: context.config, kinds, cores: availableParallelism() });
  } catch (error) {
    if (error instanceof ConfigError) throw new UsageError(spokenConfig(error.message, context.lang));
    throw error;
  }
}

async function inWords<T>(context: CommandContext, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StorageError) throw new UsageError(context.say(error.sentence));
    if (error instanceof StoreError) {
      const isInUse = error.engineCode === CANNOT_LOCK;
      throw new UsageError(isInUse ? STORE_TEXT[context.lang].inUse : error.message);
    }
    throw error;
  }
}
