/**
 * `vigie retro`: Sigma rules over the stored past. Each request to the service is bounded; this goes on from where one
 * stopped until the whole span was searched, or nothing moves any more.
 */
import type { Command } from 'commander';
import { z } from 'zod';
import { renderIssue, renderPlace } from '../model/issue.ts';
import { ask, countFrom } from './ask.ts';
import { type CommandContext, type Service, UsageError } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { RETRO_TEXT } from './i18n/retro-text.ts';
import { requirePath } from './require-path.ts';
import { Signal, signalTable } from './signals.ts';
import { printable } from './text-table.ts';

const MAX_SHOWN = 10_000;

const Report = z.object({
  span: z.object({ from: z.string(), to: z.string() }),
  next: z.string().nullable(),
  cut: z.string().nullable(),
  rules: z.number(),
  wideRules: z.number(),
  correlations: z.number(),
  refused: z.array(z.object({ place: z.string(), reason: z.string() })),
  events: z.number(),
  unreadEvents: z.number(),
  matchedEvents: z.number(),
  signals: z.array(Signal),
  kept: z.number(),
  seconds: z.number(),
});
type Report = z.infer<typeof Report>;

interface RetroFlags {
  readonly rules: readonly string[];
  readonly placeholders?: string;
  readonly last?: string;
  readonly from?: string;
  readonly to?: string;
  readonly keep?: true;
  readonly limit: string;
  readonly json?: true;
}

export function registerRetro(program: Command, context: CommandContext): void {
  const text = RETRO_TEXT[context.lang];
  program
    .command('retro')
    .description(text.retro)
    .requiredOption('--rules <path...>', text.rules)
    .option('--placeholders <file>', text.placeholders)
    .option('--last <length>', text.last)
    .option(
      '--from <time>',
      context.say({ en: 'since: 2026-11-26, now-2h', fr: 'depuis : 2026-11-26, now-2h' }),
    )
    .option('--to <time>', context.say({ en: 'until (now)', fr: 'jusqu’à (maintenant)' }))
    .option('--keep', text.keep)
    .option('-n, --limit <n>', text.limit, '50')
    .option('--json', text.json)
    .addHelpText('after', text.after)
    .action((flags: RetroFlags) => run(flags, context));
}

async function run(flags: RetroFlags, context: CommandContext): Promise<void> {
  const limit = countFrom(flags.limit, MAX_SHOWN, '--limit', context);
  for (const target of flags.rules) requirePath('--rules', target, context);
  requirePath('--placeholders', flags.placeholders, context);
  const { readRules } = await import('../areas/anticipate/index.ts');
  const { files, placeholders, issues } = await readRules(flags.rules, flags.placeholders);
  const unread = issues.map((issue) => `${renderPlace(issue.place)}: ${renderIssue(issue, context.lang)}`);
  if (files.length === 0) {
    throw new UsageError(printable(`--rules: ${unread[0] ?? ''}`));
  }
  const { last, from, to, keep = false } = flags;
  const body = { rules: files, placeholders, last, from, to, keep };
  const report = await context.withService((service) => askAll(service, body));
  if (flags.json === true) await context.io.out(`${JSON.stringify(report)}\n`);
  else await show(report, limit, context);
  for (const line of unread) context.io.err(`${printable(line)}\n`);
  const isPartial = report.next !== null || report.unreadEvents > 0 || report.refused.length > 0;
  if (isPartial || unread.length > 0) context.exit(EXIT.partial);
}

/** One answer of several, each from where the one before stopped. */
async function askAll(service: Service, body: Readonly<Record<string, unknown>>): Promise<Report> {
  const post = (more: object): Promise<Report> =>
    ask(service, { method: 'POST', route: '/api/retro', body: { ...body, ...more } }, Report);
  let all = await post({});
  const { from } = all.span;
  while (all.next !== null) {
    const page = await post({ last: undefined, from, to: all.next });
    const isStuck = page.next === all.next;
    all = joined(all, page);
    if (isStuck) break;
  }
  return all;
}

/** A window that was cut is searched again: its signals are taken once (its events count each time they are looked at). */
function joined(all: Report, page: Report): Report {
  const known = new Set(all.signals.map(({ id }) => id));
  return {
    ...all,
    next: page.next,
    cut: page.cut,
    events: all.events + page.events,
    unreadEvents: all.unreadEvents + page.unreadEvents,
    matchedEvents: all.matchedEvents + page.matchedEvents,
    signals: [...all.signals, ...page.signals.filter(({ id }) => !known.has(id))],
    kept: all.kept + page.kept,
    seconds: all.seconds + page.seconds,
  };
}

async function show(report: Report, limit: number, context: CommandContext): Promise<void> {
  const text = RETRO_TEXT[context.lang];
  const { signals } = report;
  const { io } = context;
  if (signals.length === 0) io.err(`${text.none}\n`);
  else await io.out(signalTable(signals.slice(0, limit), context));
  if (signals.length > limit) io.err(`${text.more(limit, signals.length)}\n`);
  const { rules, wideRules: wide, events, matchedEvents: matched, seconds } = report;
  io.err(`${text.summary({ rules, wide, events, matched, signals: signals.length, seconds })}\n`);
  if (report.kept > 0) io.err(`${text.kept(report.kept, signals.length - report.kept)}\n`);
  if (report.correlations > 0) io.err(`${text.correlations(report.correlations)}\n`);
  if (report.unreadEvents > 0) io.err(`${text.unread(report.unreadEvents)}\n`);
  for (const { place, reason } of report.refused) io.err(`${printable(`${place}: ${reason}`)}\n`);
  if (report.next !== null) io.err(`${text.cut(report.next)}\n`);
}
