/** `vigie intel …`: what is known to be hostile, brought in, looked up and forgotten. One function a subcommand. */
import { randomInt } from 'node:crypto';
import type { Command } from 'commander';
import type { Intel } from '../areas/anticipate/index.ts';
import { LEVELS, type Level } from '../model/level.ts';
import { SHIPPED_CONTENT } from '../platform/content.ts';
import { type CommandContext, UsageError } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { askCheck } from './intel/ask-check.ts';
import {
  checkText,
  feedsText,
  importText,
  indicatorsText,
  issueLines,
  listsText,
  pollText,
  statusText,
} from './intel/texts.ts';
import { requirePath } from './require-path.ts';
import { printable } from './text-table.ts';

interface CommonFlags {
  readonly content?: string;
  readonly json?: true;
}

export function registerIntel(program: Command, context: CommandContext): void {
  const intel = program.command('intel').description(
    context.say({
      en: 'Threat intelligence: lists of hostile domains, addresses, URLs, hashes and mail addresses',
      fr: 'Renseignement sur la menace : listes de domaines, adresses, URL, empreintes et courriels hostiles',
    }),
  );
  for (const register of [status, importLists, warnings, list, show, check, forget, feeds, poll])
    register(intel, context);
}

/** Flags every subcommand has. */
function common(command: Command, { say }: CommandContext): Command {
  return command
    .option('--content <dir>', say({ en: 'overlay directory of the site', fr: 'dossier de contenu du site' }))
    .option('--json', say({ en: 'as JSON', fr: 'en JSON' }));
}

async function open(flags: CommonFlags, context: CommandContext): Promise<Intel> {
  const { createIntel } = await import('../areas/anticipate/index.ts');
  const { config, clock } = context;
  const overlay = flags.content ?? config.overlay;
  return createIntel({
    dataDirectory: context.dataDirectory(),
    content: overlay === undefined ? [SHIPPED_CONTENT] : [SHIPPED_CONTENT, overlay],
    nowMillis: () => clock.nowMillis(),
    seed: randomInt(2 ** 32),
  });
}

async function print(
  context: CommandContext,
  flags: CommonFlags,
  value: unknown,
  text: () => string[],
): Promise<void> {
  await context.io.out(flags.json === true ? `${JSON.stringify(value)}\n` : `${text().join('\n')}\n`);
}

function status(intel: Command, context: CommandContext): void {
  common(intel.command('status'), context)
    .description(
      context.say({
        en: 'What is known: lists, indicators, warning lists, memory of the index',
        fr: "Ce qui est connu : listes, indicateurs, listes d'avertissement, mémoire de l'index",
      }),
    )
    .action(async (flags: CommonFlags) => {
      const found = await (await open(flags, context)).status();
      await print(context, flags, found, () => [
        ...statusText(found, context),
        ...issueLines(found.issues, context),
      ]);
    });
}

interface ImportFlags extends CommonFlags {
  readonly list: string;
  readonly title?: string;
  readonly level: string;
  readonly confidence: string;
  readonly tag: readonly string[];
  readonly days: string;
  readonly add?: true;
}

function importLists(intel: Command, context: CommandContext): void {
  const { say } = context;
  common(intel.command('import'), context)
    .description(
      say({
        en: 'Bring a list in from files, folders or archives: STIX 2, MISP, Zeek, CSV of MISP, one value a line',
        fr: 'Importer une liste depuis des fichiers, dossiers ou archives : STIX 2, MISP, Zeek, CSV de MISP, une valeur par ligne',
      }),
    )
    .argument('<path...>', say({ en: 'file, folder or archive', fr: 'fichier, dossier ou archive' }))
    .option('--list <id>', say({ en: 'id of the list', fr: 'identifiant de la liste' }), 'own')
    .option('--title <text>', say({ en: 'its name for people', fr: 'son nom pour les personnes' }))
    .option(
      '--level <level>',
      say({
        en: `level of its signals (${LEVELS.join(', ')})`,
        fr: `niveau de ses signaux (${LEVELS.join(', ')})`,
      }),
      'medium',
    )
    .option(
      '--confidence <0-100>',
      say({ en: 'where the list says none', fr: "si la liste n'en donne pas" }),
      '50',
    )
    .option(
      '--tag <tag>',
      say({ en: 'on every indicator; may be repeated', fr: 'sur chaque indicateur ; répétable' }),
      (tag: string, all: string[]) => [...all, tag],
      [],
    )
    .option(
      '--days <n>',
      say({
        en: 'how long indicators count when the list does not say',
        fr: 'durée de validité si la liste ne la donne pas',
      }),
      '90',
    )
    .option(
      '--add',
      say({
        en: 'add to the list instead of replacing it',
        fr: 'ajouter à la liste au lieu de la remplacer',
      }),
    )
    .addHelpText(
      'after',
      say({
        en: '\nExamples:\n  vigie intel import blocklist.txt --list national-cert --level high\n  vigie intel import misp-feed.zip --list misp --days 30\n\nExit codes: 0 all of it could be used · 3 some of it could not · 2 wrong usage\n',
        fr: '\nExemples :\n  vigie intel import blocklist.txt --list cert-national --level high\n  vigie intel import flux-misp.zip --list misp --days 30\n\nCodes de sortie : 0 tout a servi · 3 une partie n’a pas servi · 2 mauvaise commande\n',
      }),
    )
    .action(async (paths: string[], flags: ImportFlags) => {
      for (const given of paths) if (given !== '-') requirePath('import', given, context);
      const title = flags.title ?? flags.list;
      const report = await (await open(flags, context)).import({
        paths,
        list: {
          id: idOf(flags.list, context),
          version: '1',
          title: { en: title, fr: title },
          level: levelOf(flags.level, context),
        },
        defaults: {
          confidence: numberOf(flags.confidence, [0, 100], context),
          tags: flags.tag,
          validUntilMillis: context.clock.nowMillis() + numberOf(flags.days, [1, 3650], context) * 86_400_000,
        },
        isAddition: flags.add === true,
      });
      const { noteImport } = await import('../areas/anticipate/index.ts');
      await context.withRecord((record) =>
        noteImport(record, context.actor, { report, isAddition: flags.add === true }),
      );
      await print(context, flags, report, () => importText(report, context));
      context.exit(report.issueCount > 0 ? EXIT.partial : EXIT.ok);
    });
}

function warnings(intel: Command, context: CommandContext): void {
  const { say } = context;
  common(intel.command('import-warnings'), context)
    .description(
      say({
        en: 'Bring MISP warning lists in (folders of list.json): hits on what they hold are marked or suppressed, and counted',
        fr: "Importer des listes d'avertissement MISP (dossiers de list.json) : les correspondances sont marquées ou supprimées, et comptées",
      }),
    )
    .argument('<path...>', say({ en: 'file, folder or archive', fr: 'fichier, dossier ou archive' }))
    .addHelpText(
      'after',
      say({
        en: '\nExample:\n  vigie intel import-warnings misp-warninglists/lists/rfc1918\n',
        fr: '\nExemple :\n  vigie intel import-warnings misp-warninglists/lists/rfc1918\n',
      }),
    )
    .action(async (paths: string[], flags: CommonFlags) => {
      for (const given of paths) if (given !== '-') requirePath('import-warnings', given, context);
      const report = await (await open(flags, context)).importWarnings(paths);
      const { noteWarnings } = await import('../areas/anticipate/index.ts');
      await context.withRecord((record) => noteWarnings(record, context.actor, report.lists));
      await print(context, flags, report, () => [
        ...report.lists.map(({ id, values }) => `${id}  ${values}`),
        ...issueLines(report.issues, context),
      ]);
      context.exit(report.issues.length > 0 ? EXIT.partial : EXIT.ok);
    });
}

function list(intel: Command, context: CommandContext): void {
  common(intel.command('list'), context)
    .description(context.say({ en: 'The lists there are', fr: 'Les listes présentes' }))
    .action(async (flags: CommonFlags) => {
      const found = await (await open(flags, context)).lists();
      await print(context, flags, found, () => listsText(found, context));
    });
}

function show(intel: Command, context: CommandContext): void {
  const { say } = context;
  common(intel.command('show'), context)
    .description(say({ en: 'The indicators of a list', fr: "Les indicateurs d'une liste" }))
    .argument('<list>', say({ en: 'id of the list', fr: 'identifiant de la liste' }))
    .option('--most <n>', say({ en: 'how many', fr: 'combien' }), '50')
    .action(async (id: string, flags: CommonFlags & { readonly most: string }) => {
      const found = await (await open(flags, context)).show(
        id,
        numberOf(flags.most, [1, 1_000_000], context),
      );
      if (found === undefined) throw noSuch(id, context);
      await print(context, flags, found, () => indicatorsText(found));
    });
}

function check(intel: Command, context: CommandContext): void {
  const { say } = context;
  common(intel.command('check'), context)
    .description(
      say({
        en: 'Whether values are listed, where, and what warning lists say',
        fr: "Si des valeurs sont listées, où, et ce qu'en disent les listes d'avertissement",
      }),
    )
    .argument(
      '<value...>',
      say({
        en: 'domain, URL, address, hash or mail address; may be defanged',
        fr: 'domaine, URL, adresse, empreinte ou courriel ; écriture désamorcée acceptée',
      }),
    )
    .addHelpText(
      'after',
      say({
        en: '\nExample:\n  vigie intel check evil[.]example 203.0.113.7\n\nExit codes: 0 none is listed · 1 one is · 2 wrong usage\n',
        fr: '\nExemple :\n  vigie intel check evil[.]example 203.0.113.7\n\nCodes de sortie : 0 aucune n’est listée · 1 au moins une · 2 mauvaise commande\n',
      }),
    )
    .action(async (values: string[], flags: CommonFlags) => {
      const answers = await checkValues(values, flags, context);
      await print(context, flags, answers, () => checkText(answers, context));
      context.exit(answers.some(({ hits }) => hits.length > 0) ? EXIT.found : EXIT.ok);
    });
}

/** The running service has the index already; else it is built for the length of the command. */
async function checkValues(values: readonly string[], flags: CommonFlags, context: CommandContext) {
  const { isIndicator } = await import('../areas/anticipate/index.ts');
  const odd = values.find((value) => !isIndicator(value));
  if (odd !== undefined)
    throw new UsageError(
      context.say({
        en: `"${printable(odd)}" is no domain, URL, address, hash or mail address: nothing was looked up`,
        fr: `« ${printable(odd)} » n’est ni domaine, ni URL, ni adresse, ni empreinte, ni courriel : rien n’a été cherché`,
      }),
    );
  const isServed = flags.content === undefined && (await context.isServiceRunning());
  return isServed
    ? context.withService((service) => askCheck(service, values))
    : (await open(flags, context)).check(values);
}

function forget(intel: Command, context: CommandContext): void {
  const { say } = context;
  common(intel.command('forget'), context)
    .description(say({ en: 'Remove a list', fr: 'Retirer une liste' }))
    .argument('<list>', say({ en: 'id of the list', fr: 'identifiant de la liste' }))
    .action(async (id: string, flags: CommonFlags) => {
      if (!(await (await open(flags, context)).forget(id))) throw noSuch(id, context);
      const { noteForgotten } = await import('../areas/anticipate/index.ts');
      await context.withRecord((record) => noteForgotten(record, context.actor, id));
      await print(context, flags, { forgotten: id }, () => [
        say({ en: `${id} is forgotten`, fr: `${id} est oubliée` }),
      ]);
    });
}

function feeds(intel: Command, context: CommandContext): void {
  common(intel.command('feeds'), context)
    .description(
      context.say({
        en: 'Feeds that are declared, and which are enabled',
        fr: 'Les flux déclarés, et ceux qui sont activés',
      }),
    )
    .action(async (flags: CommonFlags) => {
      const found = (await open(flags, context)).feeds();
      await print(context, flags, found, () => feedsText(found, context));
    });
}

function poll(intel: Command, context: CommandContext): void {
  const { say } = context;
  common(intel.command('poll'), context)
    .description(say({ en: 'Fetch a declared feed now', fr: 'Interroger un flux déclaré maintenant' }))
    .argument('<feed>', say({ en: 'id of the feed', fr: 'identifiant du flux' }))
    .action(async (id: string, flags: CommonFlags) => {
      const report = await (await open(flags, context)).poll(id);
      if (report === undefined) throw noSuch(id, context);
      await print(context, flags, report, () => pollText(report, context));
      context.exit(report.outcome === 'failed' || report.issueCount > 0 ? EXIT.partial : EXIT.ok);
    });
}

function noSuch(id: string, { say }: CommandContext): UsageError {
  return new UsageError(
    say({
      en: `there is no ${id}; see \`vigie intel list\` and \`vigie intel feeds\``,
      fr: `${id} n'existe pas ; voir \`vigie intel list\` et \`vigie intel feeds\``,
    }),
  );
}

function idOf(text: string, { say }: CommandContext): string {
  if (/^[a-z0-9]+(-[a-z0-9]+)*$/.test(text)) return text;
  throw new UsageError(
    say({
      en: `--list ${text}: lower-case words joined by hyphens`,
      fr: `--list ${text} : mots en minuscules reliés par des tirets`,
    }),
  );
}

function levelOf(text: string, { say }: CommandContext): Level {
  const level = LEVELS.find((one) => one === text);
  if (level !== undefined) return level;
  throw new UsageError(
    say({
      en: `--level must be one of ${LEVELS.join(', ')}`,
      fr: `--level doit être parmi ${LEVELS.join(', ')}`,
    }),
  );
}

function numberOf(text: string, [least, most]: readonly [number, number], { say }: CommandContext): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least && number <= most) return number;
  throw new UsageError(
    say({
      en: `${text}: a whole number from ${least} to ${most} was expected`,
      fr: `${text} : un entier de ${least} à ${most} était attendu`,
    }),
  );
}
