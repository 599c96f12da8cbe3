/**
 * Has speak the reader's language what makes its sentences in English: commander, which lets its help and its complaints
 * be rewritten, and the schema of the configuration.
 */
import { type Argument, type Command, Help, type Option } from 'commander';
import type { Lang } from '../model/lang.ts';
import { ERRORS_FR, HELP_FR, HELP_WORDS } from './i18n/commander-text.ts';
import { CONFIG_FR } from './i18n/config-text.ts';

/** Before commands are added: they take over what is set here. */
export function speak(command: Command, lang: Lang): void {
  const words = HELP_WORDS[lang];
  command.helpOption('-h, --help', words.helpOption).helpCommand(words.helpCommand, words.helpOption);
  if (lang === 'en') return;
  const help = new Help();
  const inFrench = (text: string): string => rewritten(text, HELP_FR);
  command.configureHelp({
    styleTitle: inFrench,
    commandUsage: (shown: Command) => inFrench(help.commandUsage(shown)),
    optionDescription: (option: Option) => inFrench(help.optionDescription(option)),
    argumentDescription: (argument: Argument) => inFrench(help.argumentDescription(argument)),
  });
}

/** A complaint of commander's. */
export function spokenError(text: string, lang: Lang): string {
  return lang === 'fr' ? rewritten(text, ERRORS_FR) : text;
}

/** A complaint about the configuration. */
export function spokenConfig(text: string, lang: Lang): string {
  return lang === 'fr' ? rewritten(text, CONFIG_FR) : text;
}

function rewritten(text: string, rules: readonly (readonly [RegExp, string])[]): string {
  return rules.reduce((said, [pattern, words]) => said.replace(pattern, words), text);
}
