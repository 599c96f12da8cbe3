/** `vigie rules check [PATH…]`: what loads, what is refused and where, what it needs, what can never fire. */

import type { Command } from 'commander';
import type { RulesCheck } from '../areas/anticipate/index.ts';
import { agreeing, counted } from '../model/counted.ts';
import { type Issue, renderIssue, renderPlace } from '../model/issue.ts';
import { SHIPPED_CONTENT } from '../platform/content.ts';
import type { CommandContext } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { requirePath } from './require-path.ts';

/** Issues of one kind listed before the rest is only counted. */
const MOST_LISTED = 15;
const MOST_NEEDS = 25;

interface CheckFlags {
  readonly content?: string;
  readonly placeholders?: string;
  readonly all?: true;
  readonly json?: true;
}

export function registerRules(program: Command, context: CommandContext): void {
  const { say } = context;
  const rules = program
    .command('rules')
    .description(say({ en: 'Look after Sigma rules', fr: 'Entretenir les règles Sigma' }));
  rules
    .command('check')
    .description(
      say({
        en: 'Lint Sigma rules: what loads, what is refused and where, what data it needs, what can never fire',
        fr: 'Vérifier des règles Sigma : chargées, refusées et où, données requises, celles qui ne peuvent rien trouver',
      }),
    )
    .argument(
      '[path...]',
      say({
        en: 'directory, file or ZIP (default: our own rules)',
        fr: 'dossier, fichier ou ZIP (par défaut les nôtres)',
      }),
    )
    .option('--content <dir>', say({ en: 'overlay directory of the site', fr: 'dossier de contenu du site' }))
    .option(
      '--placeholders <file>',
      say({
        en: 'YAML or JSON file of placeholder values for the expand modifier',
        fr: 'fichier YAML ou JSON des valeurs pour le modificateur expand',
      }),
    )
    .option('--all', say({ en: 'list everything, nothing folded', fr: 'tout lister, sans replier' }))
    .option('--json', say({ en: 'as JSON', fr: 'en JSON' }))
    .addHelpText(
      'after',
      say({
        en: '\nExamples:\n  vigie rules check sigma/rules\n  vigie rules check sigma_all_rules.zip --json\n\nExit codes: 0 all loaded · 1 something was refused or unreadable · 2 wrong usage\n',
        fr: '\nExemples :\n  vigie rules check sigma/rules\n  vigie rules check sigma_all_rules.zip --json\n\nCodes de sortie : 0 tout est chargé · 1 refus ou fichier illisible · 2 mauvaise commande\n',
      }),
    )
    .action(async (paths: string[], flags: CheckFlags) => {
      const overlay = flags.content ?? context.config.overlay;
      const content = overlay === undefined ? [SHIPPED_CONTENT] : [SHIPPED_CONTENT, overlay];
      for (const target of paths) requirePath('path', target, context);
      requirePath('--content', overlay, context);
      requirePath('--placeholders', flags.placeholders, context);
      const { placeholders } = flags;
      const { checkRules } = await import('../areas/anticipate/index.ts');
      const check = await checkRules({ targets: paths, content, placeholders });
      const text = flags.json === true ? toJson(check, context) : toText(check, flags.all === true, context);
      await context.io.out(`${text}\n`);
      context.exit(check.set.refused.length > 0 || check.unread.length > 0 ? EXIT.found : EXIT.ok);
    });
}

function toJson(check: RulesCheck, { lang }: CommandContext): string {
  const toPlain = (issue: Issue): object => ({ ...issue, text: renderIssue(issue, lang) });
  return JSON.stringify({
    summary: {
      files: check.files,
      detections: check.detections,
      correlations: check.correlations,
      filters: check.set.filters.length,
      refused: check.set.refused.length,
      findings: check.findings.length,
    },
    refused: check.set.refused,
    issues: [...check.unread, ...check.set.issues].map(toPlain),
    findings: check.findings.map(toPlain),
    needs: check.needs,
  });
}

function toText(check: RulesCheck, isAll: boolean, context: CommandContext): string {
  const { say } = context;
  const { detections, correlations, set } = check;
  const without = check.findings.filter((issue) => issue.code !== 'SIGMA_LINT_NO_SOURCE');
  const lines = [
    say({
      en: `${counted.en(check.files, 'file')}: ${counted.en(detections, 'rule')} and ${counted.en(correlations, 'correlation')} loaded, ${counted.en(set.filters.length, 'filter')}, ${set.refused.length} refused`,
      fr: `${counted.fr(check.files, 'fichier')} : ${counted.fr(detections, 'règle')} et ${counted.fr(correlations, 'corrélation')} chargées, ${counted.fr(set.filters.length, 'filtre')}, ${counted.fr(set.refused.length, 'refusée')}`,
    }),
    ...section(say({ en: 'Could not be read', fr: 'Illisibles' }), check.unread, isAll, context),
    ...section(say({ en: 'Refused or doubtful', fr: 'Refusées ou douteuses' }), set.issues, isAll, context),
    ...section(
      say({ en: 'Worth a look', fr: 'À regarder' }),
      isAll ? check.findings : without,
      isAll,
      context,
    ),
    ...(isAll ? [] : sourceless(check.findings, context)),
    ...needs(check, isAll, context),
  ];
  return lines.join('\n');
}

function section(title: string, issues: readonly Issue[], isAll: boolean, context: CommandContext): string[] {
  if (issues.length === 0) return [];
  const groups = Map.groupBy(issues, (issue) => issue.code);
  const lines = ['', `${title} (${issues.length})`];
  for (const group of groups.values()) {
    const listed = isAll ? group : group.slice(0, MOST_LISTED);
    for (const issue of listed)
      lines.push(`  ${renderPlace(issue.place)}  ${renderIssue(issue, context.lang)}`);
    const more = group.length - listed.length;
    if (more > 0)
      lines.push(
        `  … ${context.say({ en: `${more} more like this (--all)`, fr: `${counted.fr(more, 'autre')} du même genre (--all)` })}`,
      );
  }
  return lines.map((line) => line.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, ' '));
}

/** Rules whose log source none of ours provides: one line a log source. */
function sourceless(findings: readonly Issue[], { say }: CommandContext): string[] {
  const counts = new Map<string, number>();
  for (const issue of findings) {
    if (issue.code !== 'SIGMA_LINT_NO_SOURCE') continue;
    const logsource = String(issue.params?.logsource ?? '');
    counts.set(logsource, (counts.get(logsource) ?? 0) + 1);
  }
  if (counts.size === 0) return [];
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const lines = [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([name, count]) => `  ${String(count).padStart(5)}  ${name}`);
  const title = say({
    en: `No source of ours provides what ${counted.en(total, 'rule reads', 'rules read')} (--all names ${agreeing.en(total, 'it', 'them')})`,
    fr: `Aucune de nos sources ne fournit ce que ${agreeing.fr(total, 'lit', 'lisent')} ${counted.fr(total, 'règle')} (--all ${agreeing.fr(total, 'la', 'les')} nomme)`,
  });
  return ['', title, ...lines.slice(0, MOST_NEEDS)];
}

function needs(check: RulesCheck, isAll: boolean, context: CommandContext): string[] {
  if (check.needs.length === 0) return [];
  const listed = isAll ? check.needs : check.needs.slice(0, MOST_NEEDS);
  const lines = ['', context.say({ en: 'Data needed', fr: 'Données requises' })];
  for (const { logsource, rules, fields } of listed) {
    const name = [logsource.product, logsource.category, logsource.service]
      .filter((part) => part !== undefined)
      .join('/');
    const most = fields
      .slice(0, 6)
      .map((item) => item.field)
      .join(', ');
    lines.push(`  ${String(rules).padStart(5)}  ${name.padEnd(34)} ${most}`);
  }
  const more = check.needs.length - listed.length;
  if (more > 0)
    lines.push(
      `  … ${context.say({ en: `${more} more (--all)`, fr: `${counted.fr(more, 'autre')} (--all)` })}`,
    );
  return lines;
}
