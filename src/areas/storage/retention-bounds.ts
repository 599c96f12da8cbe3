/**
 * How long events may be kept. Facts: RECYF 20.5 (NIS 2 in France) asks for at least three months of logs; the CNIL
 * recommends six months to one year, and up to three years where a documented need for internal control is shown
 * (délibération 2021-122 du 14 octobre 2021, https://www.legifrance.gouv.fr/jorf/id/JORFTEXT000044272396). Outside these
 * a setting is refused. The hospital's data protection officer decides within them.
 */
import type { Bilingual } from '../../model/lang.ts';

export const MIN_RETENTION_DAYS = 92;
export const DEFAULT_RETENTION_DAYS = 365;
export const MAX_RETENTION_DAYS = 1_096;

/** Why so many days cannot be set; undefined when they can. */
export function checkRetention(days: number): Bilingual | undefined {
  if (Number.isInteger(days) && days >= MIN_RETENTION_DAYS && days <= MAX_RETENTION_DAYS) return undefined;
  return {
    en: `${days} days: between ${MIN_RETENTION_DAYS} (three months, RECYF 20.5) and ${MAX_RETENTION_DAYS} (three years, CNIL 2021-122) may be kept`,
    fr: `${days} jours : la durée va de ${MIN_RETENTION_DAYS} (trois mois, RECYF 20.5) à ${MAX_RETENTION_DAYS} (trois ans, CNIL 2021-122)`,
  };
}

/** What a setting gives: one outside the bounds was refused when it was made; one written by other hands counts as none. */
export function daysOr(told: number | undefined): number {
  return told !== undefined && checkRetention(told) === undefined ? told : DEFAULT_RETENTION_DAYS;
}
