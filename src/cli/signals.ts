/** `vigie signals [ID]`: what was found, newest first, or one signal with all that explains it. */
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { LEVELS } from '../model/level.ts';
import { SIGNAL_KINDS } from '../model/live/signal.ts';
import { ask, countFrom, queryString } from './ask.ts';
import { type CommandContext, type Service, UsageError } from './command.ts';
import { SEARCH_TEXT } from './i18n/search-text.ts';
import { printable, textTable } from './text-table.ts';

const MAX_SHOWN = 1_000;
const MILLIS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

const Bilingual = z.object({ en: z.string(), fr: z.string() });
export const Signal = z.looseObject({
  id: z.string(),
  at: z.string(),
  kind: z.string(),
  contentId: z.string(),
  contentVersion: z.string(),
  title: Bilingual,
  level: z.string(),
  surpriseBits: z.number().nullable(),
  entities: z.array(
    z.object({
      kind: z.string(),
      name: z.string(),
      criticality: z.string().nullable(),
      ward: z.string().nullable(),
    }),
  ),
  events: z.array(z.string()),
  tactics: z.array(z.string()),
  techniques: z.array(z.string()),
  deciding: z.array(z.object({ field: z.string(), value: z.string() })),
  explanation: Bilingual.nullable(),
});
export type Signal = z.infer<typeof Signal>;
const Page = z.object({ items: z.array(Signal), next: z.string().nullable() });

interface SignalFlags {
  readonly last?: string;
  readonly level?: string;
  readonly kind?: string;
  readonly entity?: string;
  readonly limit: string;
  readonly json?: true;
}

export function registerSignals(program: Command, context: CommandContext): void {
  const text = SEARCH_TEXT[context.lang];
  program
    .command('signals')
    .description(text.signals)
    .argument('[id]', text.signalId)
    .option('--last <length>', text.last)
    .addOption(new Option('--level <level>', text.level).choices([...LEVELS]))
    .addOption(new Option('--kind <kind>', text.kind).choices([...SIGNAL_KINDS]))
    .option('--entity <kind:name>', text.entity)
    .option('-n, --limit <n>', text.limit, '50')
    .option('--json', text.json)
    .addHelpText('after', text.signalsAfter)
    .action((id: string | undefined, flags: SignalFlags) =>
      context.withService((service) =>
        id === undefined ? list(service, flags, context) : show(service, id, { flags, context }),
      ),
    );
}

async function list(service: Service, flags: SignalFlags, context: CommandContext): Promise<void> {
  const text = SEARCH_TEXT[context.lang];
  const { level, kind, entity } = flags;
  const limit = countFrom(flags.limit, MAX_SHOWN, '--limit', context);
  const from = flags.last === undefined ? undefined : since(flags.last, context);
  const route = `/api/signals${queryString({ level, kind, entity, from, limit })}`;
  const { items, next } = await ask(service, { method: 'GET', route }, Page);
  if (flags.json === true)
    return context.io.out(items.map((signal) => `${JSON.stringify(signal)}\n`).join(''));
  if (items.length === 0) return context.io.err(`${text.noSignals}\n`);
  await context.io.out(signalTable(items, context));
  if (next !== null) context.io.err(`${text.moreSignals(items.length)}\n`);
}

/** For people. */
export function signalTable(signals: readonly Signal[], context: CommandContext): string {
  const text = SEARCH_TEXT[context.lang];
  const columns = [
    { title: text.columnTime },
    { title: text.columnLevel },
    { title: text.columnSurprise },
    { title: text.columnWhat, maxWidth: 60 },
    { title: text.columnWho, maxWidth: 50 },
    { title: text.columnWard, maxWidth: 30 },
    { title: 'id' },
  ];
  return textTable(
    columns,
    signals.map((signal) => rowOf(signal, context)),
  );
}

function rowOf(signal: Signal, { lang }: CommandContext): string[] {
  const { at, level, surpriseBits, title, entities, id } = signal;
  return [
    at.slice(0, 19).replace('T', ' '),
    level,
    surpriseBits === null ? '' : SEARCH_TEXT[lang].bits(surpriseBits),
    title[lang],
    entities.map(({ kind, name }) => `${kind}:${name}`).join(' '),
    wardsOf(signal, lang).join(', '),
    id,
  ];
}

/** Wards of the known entities, with the criticality where it is out of the ordinary. */
function wardsOf({ entities }: Signal, lang: CommandContext['lang']): string[] {
  const criticalities: Readonly<Record<string, string>> = SEARCH_TEXT[lang].criticalities;
  const wards = entities.flatMap(({ ward, criticality }) => {
    const level = criticalities[criticality ?? ''];
    const words = [ward ?? '', level === undefined ? '' : `(${level})`].filter((word) => word !== '');
    return words.length === 0 ? [] : [words.join(' ')];
  });
  return [...new Set(wards)];
}

function since(last: string, { clock, say }: CommandContext): string {
  const parts = /^(\d{1,5})([mhdw])$/.exec(last);
  const millis = Number(parts?.[1] ?? 0) * (MILLIS[parts?.[2] ?? ''] ?? 0);
  if (millis > 0) return new Date(clock.nowMillis() - millis).toISOString();
  throw new UsageError(
    say({
      en: `--last "${printable(last)}": write 30m, 24h, 7d or 2w`,
      fr: `--last « ${printable(last)} » : écrivez 30m, 24h, 7d ou 2w`,
    }),
  );
}

async function show(
  service: Service,
  id: string,
  { flags, context }: { flags: SignalFlags; context: CommandContext },
): Promise<void> {
  const text = SEARCH_TEXT[context.lang];
  const route = `/api/signals/${encodeURIComponent(id)}`;
  const signal = await ask(service, { method: 'GET', route }, Signal);
  if (flags.json === true) return context.io.out(`${JSON.stringify(signal)}\n`);
  const { lang } = context;
  const bits = signal.surpriseBits === null ? '' : ` · ${text.bits(signal.surpriseBits)}`;
  const lines = [
    `${signal.title[lang]}`,
    `${signal.at.replace('T', ' ')} · ${signal.level}${bits}`,
    ...(signal.explanation === null ? [] : ['', signal.explanation[lang]]),
    '',
    `${text.columnWho}: ${signal.entities.map(({ kind, name }) => `${kind}:${name}`).join(', ')}`,
    ...wardsOf(signal, lang).map((ward) => `${text.columnWard}: ${ward}`),
    ...signal.deciding.map(({ field, value }) => `${text.decided}: ${field} = ${value}`),
    `${text.attack}: ${[...signal.tactics, ...signal.techniques].join(', ') || '—'}`,
    `${text.rests}: ${signal.events.join(', ')}`,
    `${text.contentOf}: ${signal.kind} ${signal.contentId} (${signal.contentVersion})`,
  ];
  await context.io.out(`${lines.map(printable).join('\n')}\n`);
}
