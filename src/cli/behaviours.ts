/** `vigie behaviours list|tick`: what each behaviour has learnt, and a turn at once. */
import type { Command } from 'commander';
import { z } from 'zod';
import { ask } from './ask.ts';
import { type CommandContext, type Service, UsageError } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { BEHAVIOUR_TEXT } from './i18n/behaviour-text.ts';
import { printable, textTable } from './text-table.ts';

const Bilingual = z.object({ en: z.string(), fr: z.string() });
const Behaviour = z.looseObject({
  id: z.string(),
  version: z.number(),
  title: Bilingual,
  days: z.number(),
  firstDay: z.string().nullable(),
  leastDays: z.number(),
  nextDay: z.string().nullable(),
  lastWindow: z
    .looseObject({ day: z.string(), subjects: z.number(), newPairs: z.number(), signals: z.number() })
    .nullable(),
  daysToFill: z.number(),
  late: z.number(),
});
type Behaviour = z.infer<typeof Behaviour>;
const Page = z.object({ items: z.array(Behaviour) });
const Turn = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      outcome: z.enum(['done', 'more', 'elsewhere', 'failed']),
      windows: z.number(),
      signals: z.number(),
      reason: z.string().nullable(),
    }),
  ),
});

interface Flags {
  readonly json?: true;
}

export function registerBehaviours(program: Command, context: CommandContext): void {
  const text = BEHAVIOUR_TEXT[context.lang];
  const behaviours = program
    .command('behaviours')
    .description(text.behaviours)
    .addHelpText('after', text.after);
  behaviours
    .command('list')
    .description(text.list)
    .option('--json', text.json)
    .action((flags: Flags) => context.withService((service) => list(service, flags, context)));
  behaviours
    .command('tick')
    .description(text.tick)
    .option('--json', text.json)
    .action((flags: Flags) => context.withService((service) => tick(service, flags, context)));
}

async function list(service: Service, flags: Flags, context: CommandContext): Promise<void> {
  const { items } = await ask(service, { method: 'GET', route: '/api/behaviours?limit=500' }, Page);
  if (flags.json === true) {
    return context.io.out(items.map((one) => `${JSON.stringify(one)}\n`).join(''));
  }
  const text = BEHAVIOUR_TEXT[context.lang];
  const columns = [
    { title: 'id' },
    { title: text.columnTitle, maxWidth: 50 },
    { title: text.columnState, maxWidth: 60 },
    { title: text.columnLast, maxWidth: 70 },
    { title: text.columnNext },
    { title: text.columnLate },
  ];
  await context.io.out(
    textTable(
      columns,
      items.map((one) => rowOf(one, context)),
    ),
  );
}

function rowOf(one: Behaviour, { lang }: CommandContext): string[] {
  const text = BEHAVIOUR_TEXT[lang];
  const { lastWindow: last } = one;
  return [
    `${one.id} v${one.version}`,
    one.title[lang],
    stateOf(one, lang),
    last === null ? '—' : `${last.day}: ${text.window(last)}`,
    one.nextDay ?? '—',
    String(one.late),
  ];
}

function stateOf({ days, firstDay, leastDays, daysToFill }: Behaviour, lang: CommandContext['lang']): string {
  const text = BEHAVIOUR_TEXT[lang];
  if (daysToFill > 0) return text.filling(daysToFill);
  if (firstDay === null) return text.nothing;
  return days <= leastDays ? text.learning(days, leastDays) : text.learnt(days, firstDay);
}

async function tick(service: Service, flags: Flags, context: CommandContext): Promise<void> {
  const { items } = await ask(service, { method: 'POST', route: '/api/behaviours/tick' }, Turn);
  if (items.some(({ outcome }) => outcome === 'failed')) context.exit(EXIT.internal);
  if (flags.json === true) {
    return context.io.out(items.map((one) => `${JSON.stringify(one)}\n`).join(''));
  }
  if (items.length === 0) throw new UsageError(BEHAVIOUR_TEXT[context.lang].none);
  const text = BEHAVIOUR_TEXT[context.lang];
  const lines = items.map(
    ({ id, outcome, windows, signals, reason }) =>
      `${id}${text.colon} ${text.outcome[outcome]}, ${text.scored(windows, signals)}${reason === null ? '' : ` (${printable(reason)})`}\n`,
  );
  await context.io.out(lines.join(''));
}
