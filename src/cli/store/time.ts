/** An instant as the commands of the store take it. */
import { type CommandContext, UsageError } from '../command.ts';
import { STORE_TEXT } from '../i18n/store-text.ts';

/** @throws UsageError */
export function timeOf(text: string, { lang }: Pick<CommandContext, 'lang'>): number {
  const millis = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(millis)) throw new UsageError(STORE_TEXT[lang].badTime(text));
  return millis;
}
