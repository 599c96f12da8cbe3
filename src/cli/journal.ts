/** `vigie journal show|looks|verify|anchor`: who did what, and the proof that nobody changed it since. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { z } from 'zod';
import type { Look } from '../model/live/look.ts';
import type { JournalBreak, JournalEntry, JournalHead } from '../model/live/record-store.ts';
import { type CommandContext, UsageError } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { fileComplaint } from './file-complaint.ts';
import { JOURNAL_TEXT } from './i18n/journal-text.ts';
import { textTable } from './text-table.ts';

const MAX_SHOWN = 10_000;

/** Other members (the time it was taken) are for people. */
const Anchor = z.object({ seq: z.int().min(1), hash: z.string().regex(/^[0-9a-f]{64}$/) });

export function registerJournal(program: Command, context: CommandContext): void {
  const text = JOURNAL_TEXT[context.lang];
  const journal = program.command('journal').description(text.journal);
  journal
    .command('show')
    .description(text.show)
    .option('--last <n>', text.last, '20')
    .option('--json', text.json)
    .action((flags: { last: string; json?: true }) => show(flags.last, flags.json === true, context));
  journal
    .command('looks')
    .description(text.looks)
    .option('--last <n>', text.last, '20')
    .option('--json', text.json)
    .action((flags: { last: string; json?: true }) => looks(flags.last, flags.json === true, context));
  journal
    .command('verify')
    .description(text.verify)
    .option('--anchor <file>', text.anchorOption)
    .option('--json', text.json)
    .addHelpText('after', text.verifyAfter)
    .action((flags: { anchor?: string; json?: true }) => verify(flags.anchor, flags.json === true, context));
  journal
    .command('anchor')
    .description(text.anchor)
    .addHelpText('after', text.anchorAfter)
    .action(() => anchor(context));
}

function limitFrom(last: string): number {
  const limit = Number(last);
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_SHOWN) return limit;
  throw new UsageError({
    en: `--last "${last}": a number from 1 to ${MAX_SHOWN}`,
    fr: `--last « ${last} » : un nombre de 1 à ${MAX_SHOWN}`,
  });
}

/** Who looked at which personal data; oldest first, as the journal is shown. */
async function looks(last: string, isJson: boolean, context: CommandContext): Promise<void> {
  const limit = limitFrom(last);
  const found = (await context.withRecord((store) => store.looks.last(limit))).reverse();
  const text = JOURNAL_TEXT[context.lang];
  if (isJson) return context.io.out(found.map((look) => `${JSON.stringify(lookToPlain(look))}\n`).join(''));
  if (found.length === 0) return context.io.out(`${text.noLooks}\n`);
  const columns = [
    { title: text.columnAt },
    { title: text.columnActor, maxWidth: 28 },
    { title: text.columnSubject },
    { title: text.columnTimes },
    { title: text.columnAsked, maxWidth: 120 },
  ];
  const rows = found.map((look) => [
    timeText(look.lastAtMillis),
    `${look.actor.kind}:${look.actor.name}`,
    look.kind,
    String(look.times),
    look.query,
  ]);
  await context.io.out(textTable(columns, rows));
}

/** Field names promised to machines. */
function lookToPlain({ id, actor, kind, query, salt, firstAtMillis, lastAtMillis, times }: Look): object {
  const at = { firstAt: new Date(firstAtMillis).toISOString(), lastAt: new Date(lastAtMillis).toISOString() };
  return { id, ...at, actor, kind, times, query: parseJson(query) ?? query, asked: query, salt };
}

function timeText(millis: number): string {
  return new Date(millis).toISOString().slice(0, 19).replace('T', ' ');
}

async function show(last: string, isJson: boolean, context: CommandContext): Promise<void> {
  const limit = limitFrom(last);
  const entries = (await context.withRecord((store) => store.journal.last(limit))).reverse();
  const text = JOURNAL_TEXT[context.lang];
  if (isJson) await context.io.out(entries.map((entry) => `${JSON.stringify(toPlain(entry))}\n`).join(''));
  else if (entries.length === 0) await context.io.out(`${text.empty}\n`);
  else await context.io.out(toTable(entries, context));
}

function toTable(entries: readonly JournalEntry[], context: CommandContext): string {
  const text = JOURNAL_TEXT[context.lang];
  const columns = [
    { title: text.columnSeq },
    { title: text.columnAt },
    { title: text.columnActor, maxWidth: 28 },
    { title: text.columnAction, maxWidth: 28 },
    { title: text.columnSubject, maxWidth: 36 },
    { title: text.columnDetails, maxWidth: 100 },
  ];
  const rows = entries.map((entry) => [
    String(entry.seq),
    timeText(entry.atMillis),
    `${entry.actor.kind}:${entry.actor.name}`,
    entry.action,
    entry.subject,
    entry.detailsJson === '{}' ? '' : entry.detailsJson,
  ]);
  return textTable(columns, rows);
}

/** Field names promised to machines; one object a line. */
function toPlain(entry: JournalEntry): object {
  const { seq, atMillis, actor, action, subject, detailsJson, hash } = entry;
  const details = JSON.parse(detailsJson) as unknown;
  return { seq, at: new Date(atMillis).toISOString(), actor, action, subject, details, hash };
}

async function verify(file: string | undefined, isJson: boolean, context: CommandContext): Promise<void> {
  const anchors = file === undefined ? [] : readAnchors(file, context);
  const check = await context.withRecord((store) => store.journal.verify(anchors));
  const text = JOURNAL_TEXT[context.lang];
  if (isJson) {
    const { entries, head, broken } = check;
    await context.io.out(
      `${JSON.stringify({ intact: broken === undefined, entries, anchors: anchors.length, head, broken: broken ?? null })}\n`,
    );
  } else if (check.broken === undefined) {
    await context.io.out(`${text.intact(check.entries, check.head, anchors.length)}\n`);
  } else {
    await context.io.out(`${text.broken(sentence(check.broken, context), check.entries)}\n`);
  }
  context.exit(check.broken === undefined ? EXIT.ok : EXIT.found);
}

function sentence(broken: JournalBreak, context: CommandContext): string {
  return JOURNAL_TEXT[context.lang][broken.reason](broken.seq);
}

/** One anchor a line, as `vigie journal anchor >> FILE` collects them. */
function readAnchors(file: string, context: CommandContext): JournalHead[] {
  const refuse = (line: number): UsageError =>
    new UsageError(`${file}:${line}: ${JOURNAL_TEXT[context.lang].badAnchor}`);
  const anchors = readText(file)
    .split('\n')
    .flatMap((text, index) => {
      if (text.trim() === '') return [];
      const parsed = Anchor.safeParse(parseJson(text));
      if (!parsed.success) throw refuse(index + 1);
      return [parsed.data];
    });
  if (anchors.length === 0) throw refuse(1);
  return anchors;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw fileComplaint(file, error);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // refused by the schema, with its place
  }
}

async function anchor(context: CommandContext): Promise<void> {
  const { seq, hash } = await context.withRecord((store) => store.journal.head());
  if (seq === 0) throw new UsageError(JOURNAL_TEXT[context.lang].empty);
  const at = new Date(context.clock.nowMillis()).toISOString();
  await context.io.out(`${JSON.stringify({ seq, hash, at })}\n`);
}
