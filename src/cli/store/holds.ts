/** `vigie store hold list|add|release`: what retention may not delete while a hold stands. */
import type { Command } from 'commander';
import { addHold, releaseHold } from '../../areas/storage/index.ts';
import type { RetentionHold } from '../../model/live/record-store.ts';
import { StorageError } from '../../model/live/storage.ts';
import { type CommandContext, UsageError } from '../command.ts';
import { STORE_TEXT } from '../i18n/store-text.ts';
import { textTable } from '../text-table.ts';
import { timeOf } from './time.ts';

interface AddFlags {
  readonly reason: string;
  readonly from: string;
  readonly to?: string;
  readonly source?: string;
}

export function registerHolds(store: Command, context: CommandContext): void {
  const text = STORE_TEXT[context.lang];
  const hold = store.command('hold').description(text.hold);
  hold
    .command('list')
    .description(text.holdList)
    .option('--json', text.json)
    .action((flags: { readonly json?: true }) => list(flags.json === true, context));
  hold
    .command('add')
    .description(text.holdAdd)
    .requiredOption('--reason <text>', text.holdReason)
    .requiredOption('--from <time>', text.from)
    .option('--to <time>', text.to)
    .option('--source <id>', text.source)
    .action((flags: AddFlags) => add(flags, context));
  hold
    .command('release <id>')
    .description(text.holdRelease)
    .action((id: string) => release(id, context));
}

async function list(isJson: boolean, context: CommandContext): Promise<void> {
  const text = STORE_TEXT[context.lang];
  const holds = await context.withRecord((record) => record.holds.list());
  if (isJson) return context.io.out(holds.map((hold) => `${JSON.stringify(plain(hold))}\n`).join(''));
  if (holds.length === 0) return context.io.out(`${text.noHold}\n`);
  const titles = [
    'id',
    text.columns.source,
    text.columns.oldest,
    text.columns.newest,
    text.holdReason,
    text.holdState,
  ];
  const rows = holds.map((hold) => [
    hold.id,
    hold.source ?? '*',
    dayText(hold.fromMillis),
    dayText(hold.toMillis),
    hold.reason,
    hold.releasedAtMillis === undefined ? text.stands : text.released(dayText(hold.releasedAtMillis)),
  ]);
  await context.io.out(
    textTable(
      titles.map((title) => ({ title, maxWidth: 60 })),
      rows,
    ),
  );
}

async function add({ reason, from, to, source }: AddFlags, context: CommandContext): Promise<void> {
  const { clock, actor } = context;
  const spec = {
    reason,
    source,
    fromMillis: timeOf(from, context),
    toMillis: to === undefined ? clock.nowMillis() : timeOf(to, context),
  };
  try {
    const hold = await context.withRecord((record) => addHold({ record, clock }, actor, spec));
    await context.io.out(`${hold.id}\n`);
  } catch (error) {
    if (error instanceof StorageError) throw new UsageError(context.say(error.sentence));
    throw error;
  }
}

async function release(id: string, context: CommandContext): Promise<void> {
  const text = STORE_TEXT[context.lang];
  const { clock, actor } = context;
  const isReleased = await context.withRecord((record) => releaseHold({ record, clock }, actor, id));
  if (!isReleased) throw new UsageError(text.noSuchHold(id));
  context.io.err(`${text.holdGone}\n`);
}

/** Field names promised to machines. */
function plain({
  id,
  reason,
  source,
  fromMillis,
  toMillis,
  createdBy,
  releasedAtMillis,
}: RetentionHold): object {
  const at = (millis: number): string => new Date(millis).toISOString();
  const releasedAt = releasedAtMillis === undefined ? null : at(releasedAtMillis);
  return {
    id,
    reason,
    source: source ?? null,
    from: at(fromMillis),
    to: at(toMillis),
    createdBy,
    releasedAt,
  };
}

function dayText(millis: number): string {
  return new Date(millis).toISOString().slice(0, 16).replace('T', ' ');
}
