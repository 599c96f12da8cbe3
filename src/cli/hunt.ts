/** `vigie hunt PATH…`: the options. What it does is loaded when it is asked for (`hunt-run.ts`). */
import { type Command, Option } from 'commander';
import { FORMATS, type Format } from '../model/event.ts';
import { LEVELS, type Level } from '../model/level.ts';
import type { CommandContext } from './command.ts';
import { HUNT_HELP } from './i18n/hunt-help.ts';

const OUTPUTS = ['table', 'json', 'jsonl', 'csv', 'timesketch'] as const;
export type Output = (typeof OUTPUTS)[number];

export interface HuntFlags {
  readonly rules?: string[];
  readonly ownRules: boolean;
  readonly placeholders?: string;
  readonly content?: string;
  readonly from?: string;
  readonly to?: string;
  readonly level: Level;
  readonly tag?: string[];
  readonly format: Output;
  readonly json?: true;
  readonly output?: string;
  readonly report?: string;
  readonly inputFormat?: Format;
  readonly zone?: string;
  readonly threads?: string;
  readonly cache: boolean;
  readonly failOn?: Level;
  readonly details?: true;
  readonly progress: boolean;
}

export function registerHunt(program: Command, context: CommandContext): void {
  const help = HUNT_HELP[context.lang];
  program
    .command('hunt')
    .description(help.description)
    .argument('<path...>', help.path)
    .option('-r, --rules <path>', help.rules, collect)
    .option('--no-own-rules', help.noOwnRules)
    .option('--placeholders <file>', help.placeholders)
    .option('--content <dir>', help.content)
    .option('--from <time>', help.from)
    .option('--to <time>', help.to)
    .addOption(new Option('-l, --level <level>', help.level).choices([...LEVELS]).default('informational'))
    .option('-t, --tag <tag>', help.tag, collect)
    .addOption(new Option('-f, --format <format>', help.format).choices([...OUTPUTS]).default('table'))
    .option('--json', help.json)
    .option('-o, --output <file>', help.output)
    .option('--report <file>', help.report)
    .addOption(new Option('--input-format <format>', help.inputFormat).choices([...FORMATS]))
    .option('--zone <zone>', help.zone)
    .option('--threads <n>', help.threads)
    .option('--no-cache', help.noCache)
    .addOption(new Option('--fail-on <level>', help.failOn).choices([...LEVELS]))
    .option('--details', help.details)
    .option('--no-progress', help.noProgress)
    .addHelpText('after', help.after)
    .action(async (paths: string[], flags: HuntFlags) => {
      const { runHunt } = await import('./hunt-run.ts');
      context.exit(await runHunt(paths, flags, context));
    });
}

function collect(value: string, earlier: string[] | undefined): string[] {
  return [...(earlier ?? []), value];
}
