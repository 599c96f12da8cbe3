/** `vigie sql`: one read-only question over the public views, for experts. */
import { text as readAll } from 'node:stream/consumers';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { csvRow } from '../lib/csv.ts';
import { ask } from './ask.ts';
import type { CommandContext } from './command.ts';
import { SEARCH_TEXT } from './i18n/search-text.ts';
import { textTable } from './text-table.ts';

const Answer = z.object({
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  rows: z.array(z.array(z.unknown())),
  isCut: z.boolean(),
});
type Answer = z.infer<typeof Answer>;

interface SqlFlags {
  readonly format: 'table' | 'jsonl' | 'csv';
  readonly json?: true;
}

export function registerSql(program: Command, context: CommandContext): void {
  const text = SEARCH_TEXT[context.lang];
  program
    .command('sql')
    .description(text.sql)
    .argument('<sql>', text.sqlText)
    .addOption(
      new Option('--format <format>', text.format).choices(['table', 'jsonl', 'csv']).default('table'),
    )
    .option('--json', text.json)
    .addHelpText('after', text.sqlAfter)
    .action(async (typed: string, flags: SqlFlags) => {
      const sql = typed === '-' ? await readAll(process.stdin) : typed;
      const asked = { method: 'POST', route: '/api/sql', body: { sql } } as const;
      const answer = await context.withService((service) => ask(service, asked, Answer));
      await context.io.out(
        flags.json === true ? `${JSON.stringify(answer)}\n` : written(answer, flags.format),
      );
      if (answer.isCut) context.io.err(`${text.cut}\n`);
    });
}

function written({ columns, rows }: Answer, format: SqlFlags['format']): string {
  const names = columns.map(({ name }) => name);
  if (format === 'jsonl') {
    return rows
      .map((row) => `${JSON.stringify(Object.fromEntries(names.map((name, at) => [name, row[at]])))}\n`)
      .join('');
  }
  const cells = rows.map((row) => row.map(cellOf));
  if (format === 'csv') return [names, ...cells].map(csvRow).join('');
  return textTable(
    names.map((title) => ({ title, maxWidth: 80 })),
    cells,
  );
}

function cellOf(value: unknown): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
