/** How a count is said in each language: one rule for the singular, one way to choose by it in a text. No catalogue here. */
import type { Lang } from './lang.ts';

/** A count, or one already written out (`1,204`). */
type Count = number | string;

/** None is plural in English and singular in French. */
function isOne(count: Count, lang: Lang): boolean {
  const text = String(count);
  return text === '1' || (lang === 'fr' && text === '0');
}

/** The count with its noun; the plural is the singular with an s where it is not given. */
type Counted = (count: Count, one: string, many?: string) => string;

function countedIn(lang: Lang): Counted {
  return (count, one, many = `${one}s`) => `${count} ${isOne(count, lang) ? one : many}`;
}

/** @example counted.en(1, 'rule') // '1 rule' */
export const counted: Readonly<Record<Lang, Counted>> = { en: countedIn('en'), fr: countedIn('fr') };

/** The word that agrees with a count written elsewhere. */
type Agreeing = (count: Count, one: string, many: string) => string;

/** @example `${counted.fr(2, 'règle')} ${agreeing.fr(2, 'refusée', 'refusées')}` // '2 règles refusées' */
export const agreeing: Readonly<Record<Lang, Agreeing>> = {
  en: (count, one, many) => (isOne(count, 'en') ? one : many),
  fr: (count, one, many) => (isOne(count, 'fr') ? one : many),
};

/** A text with `{name}` filled in and `{name?one|many}` chosen by it; a name without a value stays as it is. */
export function fillText(text: string, values: Readonly<Record<string, Count>>, lang: Lang): string {
  return text
    .replace(/\{(\w+)\?([^|}]*)\|([^}]*)\}/g, (_, name: string, one: string, many: string) =>
      isOne(values[name] ?? '', lang) ? one : many,
    )
    .replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
