/** An instant as the commands of the store take it. */
import { type CommandContext, UsageError } from '../command.ts';
import { STORE_TEXT } from '../i18n/store-text.ts';
import { momentOf } from '../time-argument.ts';

/** @throws UsageError */
export function timeOf(text: string, { lang }: Pick<CommandContext, 'lang'>): number {
  const millis = momentOf(text);
  if (millis === undefined) throw new UsageError(STORE_TEXT[lang].badTime(text));
  return millis;
}
