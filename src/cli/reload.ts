/** `vigie reload`: the running service loads its rules, sources and envelopes again, and says what came of it. */
import type { Command } from 'commander';
import { z } from 'zod';
import { ask } from './ask.ts';
import { type CommandContext, UsageError } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { RELOAD_TEXT } from './i18n/reload-text.ts';
import { printable } from './text-table.ts';

const MOST_NAMED = 20;

const Report = z.object({
  isReplaced: z.boolean(),
  rules: z.number(),
  sources: z.number(),
  added: z.array(z.string()),
  changed: z.array(z.string()),
  removed: z.array(z.string()),
  issues: z.array(z.object({ place: z.string(), reason: z.string() })),
  issueCount: z.number(),
});
type Report = z.infer<typeof Report>;

export function registerReload(program: Command, context: CommandContext): void {
  const text = RELOAD_TEXT[context.lang];
  program
    .command('reload')
    .description(text.reload)
    .option('--json', text.json)
    .addHelpText('after', text.after)
    .action((flags: { readonly json?: true }) => run(flags.json === true, context));
}

async function run(isJson: boolean, context: CommandContext): Promise<void> {
  const text = RELOAD_TEXT[context.lang];
  if (!(await context.isServiceRunning())) throw new UsageError(text.noService(context.dataDirectory()));
  const report = await context.withService((service) =>
    ask(service, { method: 'POST', route: '/api/content/reload' }, Report),
  );
  await context.io.out(isJson ? `${JSON.stringify(report)}\n` : `${linesOf(report, context).join('\n')}\n`);
  if (!report.isReplaced) context.exit(EXIT.usage);
  else if (report.issueCount > 0) context.exit(EXIT.partial);
}

function linesOf(report: Report, { lang }: CommandContext): string[] {
  const text = RELOAD_TEXT[lang];
  const { isReplaced, rules, sources, issues, issueCount } = report;
  const named = (sign: string, ids: readonly string[]): string[] => [
    ...ids.slice(0, MOST_NAMED).map((id) => `  ${sign} ${printable(id)}`),
    ...(ids.length > MOST_NAMED ? [`  ${sign} ${text.more(ids.length - MOST_NAMED)}`] : []),
  ];
  const shown = issues.slice(0, MOST_NAMED);
  return [
    isReplaced ? text.loaded(rules, sources) : text.notLoaded,
    text.differs(report.added.length, report.changed.length, report.removed.length),
    ...named('+', report.added),
    ...named('~', report.changed),
    ...named('-', report.removed),
    ...shown.map(({ place, reason }) => printable(`  ! ${place === '' ? '' : `${place}: `}${reason}`)),
    ...(issueCount > shown.length ? [`  ! ${text.more(issueCount - shown.length)}`] : []),
  ];
}
