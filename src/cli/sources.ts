/** `vigie sources`: every sender with what it sends, silent ones first. */
import type { Command } from 'commander';
import { z } from 'zod';
import type { Lang } from '../model/lang.ts';
import { ask, countFrom, queryString } from './ask.ts';
import { type CommandContext, type Service, UsageError } from './command.ts';
import { SOURCES_TEXT } from './i18n/sources-text.ts';
import { bytesText } from './store/status.ts';
import { printable } from './text-table.ts';

const MAX_SHOWN = 1_000;
const MILLIS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000, w: 604_800_000 };

const Source = z.looseObject({
  sourceId: z.string(),
  format: z.string(),
  events: z.number(),
  bytes: z.number(),
  lastReceivedAt: z.string(),
  skewSeconds: z.object({ low: z.number(), median: z.number(), high: z.number() }).nullable(),
  isClockOff: z.boolean(),
  undated: z.number(),
  withoutYear: z.number(),
  withoutZone: z.number(),
  isUnparsed: z.boolean(),
  sampleEvent: z.string(),
});
const Sender = z.looseObject({
  receiver: z.string(),
  peer: z.string(),
  identity: z.string().nullable(),
  name: z.string().nullable(),
  silence: z.looseObject({
    isSilent: z.boolean(),
    basis: z.string(),
    sinceAt: z.string(),
    seconds: z.number(),
    missedSeconds: z.number(),
    usualSeconds: z.number().nullable(),
    limitSeconds: z.number(),
    daysAsLong: z.number().nullable(),
    daysKnown: z.number().nullable(),
  }),
  events: z.number(),
  bytes: z.number(),
  unparsedShare: z.number(),
  deadLetters: z.number(),
  sources: z.array(Source),
});
type Sender = z.infer<typeof Sender>;
type Source = z.infer<typeof Source>;
const Report = z.object({
  items: z.array(Sender),
  next: z.string().nullable(),
  at: z.string(),
  isListening: z.boolean(),
  from: z.string(),
  isCut: z.boolean(),
  receivers: z.array(
    z.object({
      id: z.string(),
      kind: z.string(),
      records: z.number(),
      refused: z.number(),
      lost: z.number(),
      malformed: z.number(),
    }),
  ),
});
type Report = z.infer<typeof Report>;

interface SourcesFlags {
  readonly last?: string;
  readonly silent?: true;
  readonly limit: string;
  readonly json?: true;
}

export function registerSources(program: Command, context: CommandContext): void {
  const text = SOURCES_TEXT[context.lang];
  program
    .command('sources')
    .description(text.sources)
    .option('--last <length>', text.last)
    .option('--silent', text.silentOnly)
    .option('-n, --limit <n>', text.limit, '100')
    .option('--json', text.json)
    .addHelpText('after', text.after)
    .action((flags: SourcesFlags) => context.withService((service) => run(service, flags, context)));
}

async function run(service: Service, flags: SourcesFlags, context: CommandContext): Promise<void> {
  const limit = countFrom(flags.limit, MAX_SHOWN, '--limit', context);
  const from = flags.last === undefined ? undefined : since(flags.last, context);
  const route = `/api/sources${queryString({ from, limit })}`;
  const report = await ask(service, { method: 'GET', route }, Report);
  const senders = report.items.filter(({ silence }) => flags.silent === undefined || silence.isSilent);
  if (flags.json === true) return context.io.out(`${JSON.stringify({ ...report, items: senders })}\n`);
  await print({ ...report, items: senders }, context);
}

async function print(report: Report, { io, lang }: CommandContext): Promise<void> {
  const text = SOURCES_TEXT[lang];
  if (report.items.length === 0) io.err(`${text.none}\n`);
  else if (!report.isListening) io.err(`${text.notListening(when(report.at))}\n`);
  const blocks = report.items.map((sender) => senderLines(sender, lang));
  const ways = report.receivers.map(
    ({ id, records, refused, lost, malformed }) =>
      `  ${id}  ${text.receiver(records, refused, lost, malformed)}`,
  );
  if (ways.length > 0) blocks.push([text.receivers, ...ways]);
  await io.out(blocks.map((lines) => `${lines.map(printable).join('\n')}\n`).join('\n'));
  if (report.next !== null) io.err(`${text.more(report.items.length)}\n`);
  if (report.isCut) io.err(`${text.cut}\n`);
}

function senderLines(sender: Sender, lang: CommandContext['lang']): string[] {
  const text = SOURCES_TEXT[lang];
  const { receiver, peer, identity, name, silence, deadLetters, unparsedShare } = sender;
  const who = [name, identity, peer].filter((part) => part !== null && part !== '').join(' · ');
  const facts = [
    text.events(count(sender.events, lang), bytesText(sender.bytes, { lang })),
    ...(unparsedShare > 0 ? [text.unparsed(share(unparsedShare))] : []),
    ...(deadLetters > 0 ? [text.deadLetters(deadLetters)] : []),
    ...(silence.isSilent ? [] : [text.lastHeard(when(silence.sinceAt))]),
  ];
  return [
    `${who}  (${receiver})`,
    ...(silence.isSilent ? silenceLines(silence, lang) : []),
    `  ${facts.join(' · ')}`,
    ...sender.sources.map((source) => `    ${sourceLine(source, lang)}`),
  ];
}

function silenceLines(silence: Sender['silence'], lang: CommandContext['lang']): string[] {
  const text = SOURCES_TEXT[lang];
  const { usualSeconds, daysAsLong, daysKnown } = silence;
  const why =
    usualSeconds === null || daysAsLong === null || daysKnown === null
      ? text.byDefault(span(silence.limitSeconds, lang))
      : `${text.unusual(span(silence.missedSeconds, lang), span(usualSeconds, lang))}; ${text.asLong(daysAsLong, daysKnown)}`;
  return [`  ${text.silent(when(silence.sinceAt), span(silence.seconds, lang))}`, `  ${why}`];
}

function sourceLine(source: Source, lang: CommandContext['lang']): string {
  const text = SOURCES_TEXT[lang];
  const of = (n: number): string => share(n / Math.max(1, source.events));
  return [
    `${source.sourceId} (${source.format}): ${count(source.events, lang)}`,
    clockPart(source, lang),
    ...(source.undated > 0 ? [text.undated(of(source.undated))] : []),
    ...(source.withoutYear > 0 ? [text.withoutYear(of(source.withoutYear))] : []),
    ...(source.withoutZone > 0 ? [text.withoutZone(of(source.withoutZone))] : []),
    ...(source.isUnparsed
      ? [source.sourceId === 'syslog' ? text.headerOnly : text.unknownSource, text.sample(source.sampleEvent)]
      : []),
  ].join(' · ');
}

function clockPart({ skewSeconds, isClockOff }: Source, lang: CommandContext['lang']): string {
  const text = SOURCES_TEXT[lang];
  if (skewSeconds === null) return text.noTime;
  const { low, median, high } = skewSeconds;
  if (isClockOff)
    return median < 0 ? text.clockAhead(span(-median, lang)) : text.clockBehind(span(median, lang));
  return text.delay(span(median, lang), span(low, lang), span(high, lang));
}

function since(last: string, { clock, say }: CommandContext): string {
  const parts = /^(\d{1,4})([hdw])$/.exec(last);
  const millis = Number(parts?.[1] ?? 0) * (MILLIS[parts?.[2] ?? ''] ?? 0);
  if (millis > 0) return new Date(clock.nowMillis() - millis).toISOString();
  throw new UsageError(
    say({
      en: `--last "${printable(last)}": write 24h, 7d or 2w`,
      fr: `--last « ${printable(last)} » : écrivez 24h, 7d ou 2w`,
    }),
  );
}

/** `2026-11-26 01:02Z` */
function when(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')}Z`;
}

/** `0.4 s`, `12 s`, `47 min`, `6.5 h`, `12 d` */
function span(seconds: number, lang: Lang): string {
  const size = Math.abs(seconds);
  if (size < 10) return `${tenths(seconds, lang)} s`;
  if (size < 120) return `${Math.round(seconds)} s`;
  if (size < 7_200) return `${Math.round(seconds / 60)} min`;
  if (size < 172_800) return `${tenths(seconds / 3_600, lang)} h`;
  return `${Math.round(seconds / 86_400)} ${lang === 'fr' ? 'j' : 'd'}`;
}

function tenths(value: number, lang: Lang): string {
  const text = value.toFixed(1);
  return lang === 'fr' ? text.replace('.', ',') : text;
}

function share(part: number): string {
  return part > 0 && part < 0.01 ? '< 1 %' : `${Math.round(part * 100)} %`;
}

function count(n: number, lang: CommandContext['lang']): string {
  return n.toLocaleString(lang === 'fr' ? 'fr-FR' : 'en-US');
}
