/** `Accept-Language` → the language we answer in. English when nothing we speak is asked for. */
import { LANGS, type Lang } from '../../model/lang.ts';

const MAX_HEADER_LENGTH = 200;

/** @example languageOf('fr-FR,fr;q=0.9,en;q=0.8') // 'fr' */
export function languageOf(header: string | undefined): Lang {
  let best: Lang = 'en';
  let bestWeight = 0;
  for (const part of (header ?? '').slice(0, MAX_HEADER_LENGTH).split(',')) {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
    const lang = LANGS.find((name) => tag === name || tag.startsWith(`${name}-`));
    const weight = weightOf(parameters);
    if (lang !== undefined && weight > bestWeight) {
      best = lang;
      bestWeight = weight;
    }
  }
  return best;
}

function weightOf(parameters: readonly string[]): number {
  const text = parameters.map((part) => part.trim()).find((part) => part.startsWith('q='));
  const weight = text === undefined ? 1 : Number(text.slice(2));
  return Number.isFinite(weight) ? weight : 0;
}
