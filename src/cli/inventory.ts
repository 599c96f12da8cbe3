/** `vigie inventory import|list|show|imports|undo|export`: what the hospital has and who works in it. */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { type Command, Option } from 'commander';
import type { ImportResult } from '../areas/inventory/index.ts';
import { type Issue, renderIssue, renderPlace } from '../model/issue.ts';
import { type InventoryItem, ITEM_TYPES, type ItemType, type Sighting } from '../model/live/inventory.ts';
import type { RecordStore } from '../model/live/record-store.ts';
import { type CommandContext, UsageError } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { fileComplaint } from './file-complaint.ts';
import { INVENTORY_TEXT } from './i18n/inventory-text.ts';
import { printable, textTable } from './text-table.ts';

/** Issues printed before the rest is only counted; `--json` has them all. */
const MOST_ISSUES = 30;

interface ImportFlags {
  readonly as?: ItemType;
  readonly map?: string[];
  readonly dryRun?: true;
  readonly json?: true;
}

interface ListFlags {
  readonly type?: ItemType;
  readonly ward?: string;
  readonly candidates?: true;
  readonly json?: true;
}

export function registerInventory(program: Command, context: CommandContext): void {
  const text = INVENTORY_TEXT[context.lang];
  const inventory = program.command('inventory').description(text.inventory);
  const types = (): Option => new Option('--as <type>', text.as).choices([...ITEM_TYPES]);
  inventory
    .command('import')
    .description(text.import)
    .argument('<file>', text.file)
    .addOption(types())
    .option('--map <column=field>', text.map, (value: string, earlier?: string[]) => [
      ...(earlier ?? []),
      value,
    ])
    .option('-n, --dry-run', text.dryRun)
    .option('--json', text.json)
    .addHelpText('after', text.importAfter)
    .action((file: string, flags: ImportFlags) => runImport(file, flags, context));
  inventory
    .command('list')
    .description(text.list)
    .addOption(new Option('--type <type>', text.type).choices([...ITEM_TYPES]))
    .option('--ward <name>', text.onlyWard)
    .option('--candidates', text.candidates)
    .option('--json', text.json)
    .action((flags: ListFlags) => list(flags, context));
  inventory
    .command('show')
    .description(text.show)
    .argument('<name>', text.name)
    .option('--json', text.json)
    .action((name: string, flags: { json?: true }) => show(name, flags.json === true, context));
  inventory
    .command('imports')
    .description(text.imports)
    .option('--json', text.json)
    .action((flags: { json?: true }) => listImports(flags.json === true, context));
  inventory
    .command('undo')
    .description(text.undo)
    .argument('<import>', text.importId)
    .option('--json', text.json)
    .action((id: string, flags: { json?: true }) => undo(id, flags.json === true, context));
  inventory
    .command('export')
    .description(text.export)
    .action(() => exportAll(context));
}

async function runImport(file: string, flags: ImportFlags, context: CommandContext): Promise<void> {
  const { importInventory, MAX_FILE_BYTES } = await import('../areas/inventory/index.ts');
  const text = INVENTORY_TEXT[context.lang];
  const bytes = readBytes(file, MAX_FILE_BYTES, context);
  const isDryRun = flags.dryRun === true;
  const options = { file: path.basename(file), type: flags.as, map: flags.map ?? [], isDryRun };
  const result = await context.withRecord((store) =>
    importInventory({ store, clock: context.clock }, context.actor, bytes, options),
  );
  if (flags.json === true) {
    const issues = result.issues.map((issue) => toPlainIssue(issue, context));
    await context.io.out(
      `${JSON.stringify({ ...result, id: result.id ?? null, dryRun: isDryRun, issues })}\n`,
    );
  } else {
    context.io.err(issueLines(result.issues, context));
    await context.io.out(`${text.imported(result, isDryRun)}\n`);
  }
  context.exit(exitCodeOf(result));
}

/** Nothing taken and something refused: the file or the options are wrong. */
function exitCodeOf(result: ImportResult): number {
  const taken = result.created + result.updated + result.unchanged;
  if (result.issues.length === 0 && result.refused === 0) return EXIT.ok;
  return taken === 0 ? EXIT.usage : EXIT.partial;
}

function readBytes(file: string, maxBytes: number, context: CommandContext): Uint8Array {
  try {
    if (statSync(file).size > maxBytes)
      throw new UsageError(`${file}: ${INVENTORY_TEXT[context.lang].tooLarge(maxBytes / 1024 / 1024)}`);
    return readFileSync(file);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw fileComplaint(file, error);
  }
}

function toPlainIssue(issue: Issue, { lang }: CommandContext): object {
  return { ...issue, text: renderIssue(issue, lang) };
}

function issueLines(issues: readonly Issue[], context: CommandContext): string {
  const lines = issues.slice(0, MOST_ISSUES).map((issue) => {
    const place = renderPlace(issue.place);
    return printable(`${place === '' ? '' : `${place}: `}${renderIssue(issue, context.lang)}`);
  });
  const more = issues.length - lines.length;
  if (more > 0) lines.push(INVENTORY_TEXT[context.lang].moreIssues(more));
  return lines.map((line) => `${line}\n`).join('');
}

/** Reads the inventory, which names people: who looked is journaled before the answer. */
async function look<T>(
  asked: Readonly<Record<string, string | undefined>>,
  context: CommandContext,
  read: (store: RecordStore) => Promise<T>,
): Promise<T> {
  const { createLooks } = await import('../areas/access/index.ts');
  const text = INVENTORY_TEXT[context.lang];
  return context.withRecord(async (record) => {
    const log = { error: (): void => context.io.err(`${text.lookNotJournaled}\n`) };
    await createLooks({ record, clock: context.clock, log }).note(context.actor, 'inventory', asked);
    return read(record);
  });
}

async function list(flags: ListFlags, context: CommandContext): Promise<void> {
  if (flags.candidates === true) return listCandidatesOf(flags.json === true, context);
  const text = INVENTORY_TEXT[context.lang];
  const wanted = flags.ward?.toLowerCase();
  const asked = { command: 'inventory list', type: flags.type, ward: flags.ward };
  const items = (await look(asked, context, (store) => store.inventory.items())).filter(
    (item) =>
      (flags.type === undefined || item.type === flags.type) &&
      (wanted === undefined || item.ward?.toLowerCase() === wanted),
  );
  if (flags.json === true) return outLines(items.map(toPlainItem), context);
  if (items.length === 0) return context.io.out(`${text.empty}\n`);
  const columns = [
    { title: 'id' },
    { title: text.columnType },
    { title: text.columnName, maxWidth: 32 },
    { title: text.columnKind },
    { title: text.columnCriticality },
    { title: text.columnWard, maxWidth: 24 },
    { title: text.columnKeys, maxWidth: 60 },
  ];
  const rows = items.map((item) => [
    item.id,
    text[item.type],
    item.name,
    item.kind ?? '',
    item.criticality === undefined ? '' : text[item.criticality],
    item.ward ?? '',
    item.keys.map((key) => key.value).join(' '),
  ]);
  await context.io.out(textTable(columns, rows));
}

async function listCandidatesOf(isJson: boolean, context: CommandContext): Promise<void> {
  const { listCandidates } = await import('../areas/inventory/index.ts');
  const text = INVENTORY_TEXT[context.lang];
  const candidates = await look({ command: 'inventory list --candidates' }, context, listCandidates);
  if (isJson) return outLines(candidates.map(toPlainSighting), context);
  if (candidates.length === 0) return context.io.out(`${text.noCandidates}\n`);
  const columns = [
    { title: text.columnKind },
    { title: text.columnName },
    { title: text.columnFirst },
    { title: text.columnLast },
    { title: text.columnEvents },
  ];
  const rows = candidates.map(({ key, firstSeenAtMillis, lastSeenAtMillis, events }) => [
    key.kind,
    key.value,
    toTime(firstSeenAtMillis),
    toTime(lastSeenAtMillis),
    String(events),
  ]);
  await context.io.out(textTable(columns, rows));
}

async function show(name: string, isJson: boolean, context: CommandContext): Promise<void> {
  const items = await look({ command: 'inventory show', name }, context, (store) => store.inventory.items());
  const wanted = name.trim().toLowerCase();
  const found = items.filter(
    (item) =>
      item.id === wanted ||
      item.name.toLowerCase() === wanted ||
      item.keys.some((key) => key.value.toLowerCase() === wanted),
  );
  const text = INVENTORY_TEXT[context.lang];
  if (found.length === 0) throw new UsageError(text.unknown(printable(name)));
  if (isJson) return outLines(found.map(toPlainItem), context);
  await context.io.out(found.map((item) => card(item, context)).join('\n'));
}

function card(item: InventoryItem, context: CommandContext): string {
  const text = INVENTORY_TEXT[context.lang];
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['id', item.id],
    [text.columnType, text[item.type]],
    [text.columnKind, item.kind],
    [text.columnCriticality, item.criticality === undefined ? undefined : text[item.criticality]],
    [text.columnWard, item.ward],
    [text.owner, item.owner],
    [text.privileged, yesNo(item.isPrivileged, context)],
    [text.enabled, yesNo(item.isEnabled, context)],
    ...item.keys.map((key) => [key.kind, key.value] as const),
    ...Object.entries(item.details),
  ];
  const body = lines.flatMap(([label, value]) =>
    value === undefined ? [] : [`  ${label.padEnd(12)} ${printable(value)}\n`],
  );
  return `${printable(item.name)}\n${body.join('')}`;
}

function yesNo(value: boolean | undefined, { say }: CommandContext): string | undefined {
  if (value === undefined) return undefined;
  return value ? say({ en: 'yes', fr: 'oui' }) : say({ en: 'no', fr: 'non' });
}

async function listImports(isJson: boolean, context: CommandContext): Promise<void> {
  const imports = await context.withRecord((store) => store.inventory.imports());
  const text = INVENTORY_TEXT[context.lang];
  if (isJson) {
    const rows = imports.map(({ atMillis, undoneAtMillis, ...rest }) => ({
      ...rest,
      at: new Date(atMillis).toISOString(),
      undoneAt: undoneAtMillis === undefined ? null : new Date(undoneAtMillis).toISOString(),
    }));
    return outLines(rows, context);
  }
  if (imports.length === 0) return context.io.out(`${text.noImports}\n`);
  const columns = [
    { title: 'id' },
    { title: text.columnAt },
    { title: text.columnWho },
    { title: text.columnFile, maxWidth: 40 },
    { title: text.columnCreated },
    { title: text.columnUpdated },
    { title: text.columnRefused },
    { title: text.columnUndone },
  ];
  const rows = imports.map((item) => [
    item.id,
    toTime(item.atMillis),
    item.actor,
    item.file,
    String(item.created),
    String(item.updated),
    String(item.refused),
    item.undoneAtMillis === undefined ? '' : toTime(item.undoneAtMillis),
  ]);
  await context.io.out(textTable(columns, rows));
}

async function undo(id: string, isJson: boolean, context: CommandContext): Promise<void> {
  const { undoImport } = await import('../areas/inventory/index.ts');
  const { clock, actor, io } = context;
  const result = await context.withRecord((store) => undoImport({ store, clock }, actor, id));
  if (isJson) {
    const issues = result.issues.map((issue) => toPlainIssue(issue, context));
    await io.out(`${JSON.stringify({ ...result, issues })}\n`);
  } else {
    io.err(issueLines(result.issues, context));
    await io.out(`${INVENTORY_TEXT[context.lang].undone(result)}\n`);
  }
  context.exit(result.issues.length > 0 ? EXIT.partial : EXIT.ok);
}

async function exportAll(context: CommandContext): Promise<void> {
  const { exportInventory } = await import('../areas/inventory/index.ts');
  const items = await look({ command: 'inventory export' }, context, (store) => store.inventory.items());
  for (const row of exportInventory(items)) await context.io.out(row);
}

async function outLines(rows: readonly object[], context: CommandContext): Promise<void> {
  for (const row of rows) await context.io.out(`${JSON.stringify(row)}\n`);
}

/** Field names promised to machines. */
function toPlainItem(item: InventoryItem): object {
  const { isPrivileged, isEnabled, details, ...rest } = item;
  return { ...rest, privileged: isPrivileged, enabled: isEnabled, ...details };
}

function toPlainSighting({ key, firstSeenAtMillis, lastSeenAtMillis, events }: Sighting): object {
  return {
    ...key,
    firstSeenAt: new Date(firstSeenAtMillis).toISOString(),
    lastSeenAt: new Date(lastSeenAtMillis).toISOString(),
    events,
  };
}

function toTime(millis: number): string {
  return new Date(millis).toISOString().slice(0, 16).replace('T', ' ');
}
