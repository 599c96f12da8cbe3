/** The languages a person may read Vigie in, and text given in both. No formatting, no lookup of the environment. */

export const LANGS = ['en', 'fr'] as const;
export type Lang = (typeof LANGS)[number];

/** The same sentence in every language. */
export type Bilingual = Readonly<Record<Lang, string>>;
