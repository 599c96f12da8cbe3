/**
 * `vigie dead-letters list|show|fix|replay|discard`: records that could not go on. What a record holds is shown so that
 * it cannot write on the terminal; `--raw` gives it byte for byte.
 */
import { createReadStream } from 'node:fs';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { DEAD_LETTER_OUTCOMES, DEAD_LETTER_STEPS } from '../model/live/dead-letter.ts';
import { ask, countFrom, queryString } from './ask.ts';
import { type CommandContext, UsageError } from './command.ts';
import { DEAD_LETTERS_TEXT } from './i18n/dead-letters-text.ts';
import { printable, textTable } from './text-table.ts';

const MAX_LISTED = 1_000;
/** Characters of a record shown on the terminal. */
const MAX_SHOWN = 8_000;
/** What the API takes in one request, as base64 in JSON. */
const MAX_MENDED_BYTES = 5_000_000;

const Letter = z.looseObject({
  id: z.string(),
  receivedAt: z.string(),
  sender: z.object({ receiver: z.string(), peer: z.string(), identity: z.string().nullable() }),
  step: z.string(),
  code: z.string(),
  reason: z.string(),
  place: z.string(),
  bytes: z.number(),
  state: z.enum(['open', ...DEAD_LETTER_OUTCOMES]),
  isMended: z.boolean(),
  closedAt: z.string().nullable(),
  closedBy: z.string().nullable(),
});
type Letter = z.infer<typeof Letter>;
const Page = z.object({ items: z.array(Letter), next: z.string().nullable() });
const Whole = Letter.extend({ base64: z.string() });
const Done = z.object({ id: z.string(), status: z.string() });

interface ListFlags {
  readonly state: string;
  readonly step?: string;
  readonly receiver?: string;
  readonly code?: string;
  readonly limit: string;
  readonly json?: true;
}

interface ShowFlags {
  readonly raw?: true;
  readonly json?: true;
}

interface ChangeFlags {
  readonly json?: true;
}

export function registerDeadLetters(program: Command, context: CommandContext): void {
  const text = DEAD_LETTERS_TEXT[context.lang];
  const letters = program.command('dead-letters').description(text.deadLetters);
  letters
    .command('list')
    .description(text.list)
    .addOption(
      new Option('--state <state>', text.state)
        .choices(['open', ...DEAD_LETTER_OUTCOMES, 'all'])
        .default('open'),
    )
    .addOption(new Option('--step <step>', text.step).choices([...DEAD_LETTER_STEPS]))
    .option('--receiver <id>', text.receiver)
    .option('--code <code>', text.code)
    .option('-n, --limit <n>', text.limit, '50')
    .option('--json', text.json)
    .addHelpText('after', text.listAfter)
    .action((flags: ListFlags) => list(flags, context));
  letters
    .command('show')
    .description(text.show)
    .argument('<id>', text.id)
    .option('--raw', text.raw)
    .option('--json', text.jsonOne)
    .addHelpText('after', text.showAfter)
    .action((id: string, flags: ShowFlags) => show(id, flags, context));
  letters
    .command('fix')
    .description(text.fix)
    .argument('<id>', text.id)
    .requiredOption('--with <file>', text.with)
    .option('--json', text.jsonOne)
    .addHelpText('after', text.changeAfter)
    .action(async (id: string, flags: ChangeFlags & { readonly with: string }) => {
      const mended = await readMended(flags.with, context);
      await change([id], { verb: 'replay', body: { base64: mended.toString('base64') }, flags }, context);
    });
  for (const verb of ['replay', 'discard'] as const) {
    letters
      .command(verb)
      .description(text[verb])
      .argument('<ids...>', text.ids)
      .option('--json', text.json)
      .addHelpText('after', text.changeAfter)
      .action((ids: string[], flags: ChangeFlags) => change(ids, { verb, flags }, context));
  }
}

async function list(flags: ListFlags, context: CommandContext): Promise<void> {
  const text = DEAD_LETTERS_TEXT[context.lang];
  const { state, step, receiver, code } = flags;
  const limit = countFrom(flags.limit, MAX_LISTED, '--limit', context);
  const route = `/api/dead-letters${queryString({ state, step, receiver, code, limit })}`;
  const { items, next } = await context.withService((service) =>
    ask(service, { method: 'GET', route }, Page),
  );
  if (flags.json === true)
    return context.io.out(items.map((letter) => `${JSON.stringify(letter)}\n`).join(''));
  if (items.length === 0) context.io.err(`${text.none}\n`);
  else await context.io.out(tableOf(items, context));
  if (next !== null) context.io.err(`${text.more(items.length)}\n`);
}

function tableOf(letters: readonly Letter[], { lang }: CommandContext): string {
  const text = DEAD_LETTERS_TEXT[lang];
  const columns = [
    { title: 'id' },
    { title: text.columnReceived },
    { title: text.columnStep },
    { title: text.columnState },
    { title: text.columnSender, maxWidth: 40 },
    { title: text.columnReason, maxWidth: 70 },
  ];
  const rows = letters.map((letter) => [
    letter.id,
    letter.receivedAt.slice(0, 19).replace('T', ' '),
    letter.step,
    text[letter.state],
    senderOf(letter),
    letter.reason,
  ]);
  return textTable(columns, rows);
}

function senderOf({ sender: { receiver, peer, identity } }: Letter): string {
  return identity === null ? `${receiver} ${peer}` : `${receiver} ${peer} (${identity})`;
}

async function show(id: string, flags: ShowFlags, context: CommandContext): Promise<void> {
  const { io } = context;
  const asked = { method: 'GET', route: routeOf(id) } as const;
  const letter = await context.withService((service) => ask(service, asked, Whole));
  if (flags.json === true) return io.out(`${JSON.stringify(letter)}\n`);
  const bytes = Buffer.from(letter.base64, 'base64');
  return io.out(flags.raw === true ? bytes : described(letter, bytes, context));
}

function described(letter: Letter, bytes: Buffer, { lang }: CommandContext): string {
  const text = DEAD_LETTERS_TEXT[lang];
  const { id, closedBy, closedAt } = letter;
  const closed = closedBy === null ? '' : ` ${text.by(closedBy, closedAt ?? '')}`;
  const mended = letter.isMended ? ` (${text.mended})` : '';
  const record = bytes.toString('utf8');
  const lines = [
    `${id} · ${text[letter.state]}${mended}${closed}`,
    `${text.columnReason}: ${letter.reason} [${letter.code}]`,
    `${text.columnStep}: ${letter.step}`,
    ...(letter.place === '' ? [] : [`${text.place}: ${letter.place}`]),
    `${text.columnSender}: ${senderOf(letter)}`,
    `${text.columnReceived}: ${letter.receivedAt.replace('T', ' ')}`,
    '',
    text.record(letter.bytes),
    ...record.slice(0, MAX_SHOWN).split('\n'),
    ...(record.length > MAX_SHOWN ? [text.cut(MAX_SHOWN)] : []),
    ...(letter.state === 'open' ? ['', text.wayOut(id)] : []),
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

/** One after the other; the first that is refused ends it, and those before it are told. */
async function change(
  ids: readonly string[],
  { verb, body, flags }: { verb: 'replay' | 'discard'; body?: unknown; flags: ChangeFlags },
  context: CommandContext,
): Promise<void> {
  const text = DEAD_LETTERS_TEXT[context.lang];
  const say = verb === 'replay' ? text.replayedNow : text.discardedNow;
  await context.withService(async (service) => {
    for (const id of ids) {
      const asked = { method: 'POST', route: `${routeOf(id)}/${verb}` } as const;
      const done = await ask(service, body === undefined ? asked : { ...asked, body }, Done);
      await context.io.out(flags.json === true ? `${JSON.stringify(done)}\n` : `${say(printable(id))}\n`);
    }
  });
}

function routeOf(id: string): string {
  return `/api/dead-letters/${encodeURIComponent(id)}`;
}

async function readMended(file: string, { lang }: CommandContext): Promise<Buffer> {
  const text = DEAD_LETTERS_TEXT[lang];
  const name = printable(file);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of file === '-' ? process.stdin : createReadStream(file)) {
      chunks.push(Buffer.from(chunk));
      size += chunk.length;
      if (size > MAX_MENDED_BYTES) throw new UsageError(text.tooLarge(name, MAX_MENDED_BYTES));
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(text.unreadable(name, error instanceof Error ? error.message : String(error)));
  }
  if (size === 0) throw new UsageError(text.emptyFile(name));
  return Buffer.concat(chunks);
}
