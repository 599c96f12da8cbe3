/**
 * Says a probability as a person would: "about once in 9 years". Pure. It says how often something happens by chance,
 * never how likely it is that something is an attack.
 */
import type { Bilingual } from '../model/lang.ts';

const DAYS_A_YEAR = 365.25;
/** More rarely than that is said to be just that. */
const MOST_YEARS = 100;

interface Unit {
  readonly days: number;
  readonly en: readonly [one: string, many: string];
  readonly fr: readonly [one: string, many: string];
}

const UNITS: readonly Unit[] = [
  { days: DAYS_A_YEAR, en: ['year', 'years'], fr: ['an', 'ans'] },
  { days: DAYS_A_YEAR / 12, en: ['month', 'months'], fr: ['mois', 'mois'] },
  { days: 7, en: ['week', 'weeks'], fr: ['semaine', 'semaines'] },
  { days: 1, en: ['day', 'days'], fr: ['jour', 'jours'] },
];

/**
 * @param p by chance, for one window
 * @param windowDays length of a window in days
 * @example sayRarity(1 / 3287, 1).en // 'about once in 9 years'
 */
export function sayRarity(p: number, windowDays: number): Bilingual {
  const days = windowDays / Math.min(1, Math.max(p, Number.MIN_VALUE));
  if (days > MOST_YEARS * DAYS_A_YEAR) {
    return { en: `less than once in ${MOST_YEARS} years`, fr: `moins d’une fois en ${MOST_YEARS} ans` };
  }
  const unit = UNITS.find((one) => days >= 0.95 * one.days);
  if (unit === undefined) {
    const times = Math.max(2, Math.round(1 / days));
    return { en: `about ${times} times a day`, fr: `environ ${times} fois par jour` };
  }
  const count = Math.round(days / unit.days);
  if (count <= 1) return { en: `about once a ${unit.en[0]}`, fr: `environ une fois par ${unit.fr[0]}` };
  return { en: `about once in ${count} ${unit.en[1]}`, fr: `environ une fois en ${count} ${unit.fr[1]}` };
}
