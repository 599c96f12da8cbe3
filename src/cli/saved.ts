/** `vigie saved list|remove`: searches kept under a name. They are kept and run by `vigie search --save` and `--saved`. */
import type { Command } from 'commander';
import type { CommandContext } from './command.ts';
import { textTable } from './text-table.ts';

export function registerSaved(program: Command, context: CommandContext): void {
  const { say } = context;
  const saved = program
    .command('saved')
    .description(say({ en: 'Searches kept under a name', fr: 'Recherches gardées sous un nom' }))
    .addHelpText(
      'after',
      say({
        en: "\nExamples:\n  vigie search 'event.code:4625' --last 7d --save failures\n  vigie search --saved failures\n  vigie saved list\n  vigie saved remove failures\n",
        fr: "\nExemples :\n  vigie search 'event.code:4625' --last 7d --save echecs\n  vigie search --saved echecs\n  vigie saved list\n  vigie saved remove echecs\n",
      }),
    );
  saved
    .command('list')
    .description(say({ en: 'What was kept, by whom', fr: 'Ce qui a été gardé, par qui' }))
    .option('--json', say({ en: 'as JSON', fr: 'en JSON' }))
    .action((flags: { readonly json?: true }) => list(flags.json === true, context));
  saved
    .command('remove')
    .description(say({ en: 'Keep it no longer', fr: 'Ne plus la garder' }))
    .argument('<name>', say({ en: 'its name', fr: 'son nom' }))
    .action((name: string) => remove(name, context));
}

async function list(isJson: boolean, context: CommandContext): Promise<void> {
  const { io, say } = context;
  const saved = await context.withRecord((store) => store.searches.list());
  if (isJson) return io.out(saved.map((search) => `${JSON.stringify(search)}\n`).join(''));
  if (saved.length === 0) return io.err(say({ en: 'No saved search.\n', fr: 'Aucune recherche gardée.\n' }));
  const columns = [
    { title: say({ en: 'name', fr: 'nom' }), maxWidth: 40 },
    { title: say({ en: 'search', fr: 'recherche' }), maxWidth: 80 },
    { title: say({ en: 'kept', fr: 'gardée' }) },
    { title: say({ en: 'by', fr: 'par' }) },
  ];
  const rows = saved.map(({ name, query, updatedAtMillis, updatedBy }) => [
    name,
    query,
    new Date(updatedAtMillis).toISOString().slice(0, 10),
    updatedBy,
  ]);
  await io.out(textTable(columns, rows));
}

async function remove(name: string, context: CommandContext): Promise<void> {
  const { removeSavedSearch } = await import('../areas/anticipate/index.ts');
  const { actor, clock } = context;
  await context.withRecord((store) => removeSavedSearch({ store, clock }, actor, name));
  context.io.err(context.say({ en: 'removed\n', fr: 'retirée\n' }));
}
