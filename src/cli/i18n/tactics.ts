/** ATT&CK tactics in kill-chain order with plain names, and the names of Sigma's levels. Data only. */
import type { Bilingual } from '../../model/lang.ts';
import type { Level } from '../../model/level.ts';

/** Slug as in Sigma tags → plain name. The order is the order of an attack; `other` takes what has no tactic. */
export const TACTICS: readonly (Bilingual & { readonly slug: string })[] = [
  { slug: 'reconnaissance', en: 'Reconnaissance', fr: 'Repérage' },
  { slug: 'resource-development', en: 'Preparing the attack', fr: 'Préparation de l’attaque' },
  { slug: 'initial-access', en: 'Getting in', fr: 'Entrée dans le réseau' },
  { slug: 'execution', en: 'Running code', fr: 'Exécution de code' },
  { slug: 'persistence', en: 'Staying in', fr: 'Maintien dans la place' },
  { slug: 'privilege-escalation', en: 'Gaining rights', fr: 'Gain de droits' },
  { slug: 'defense-evasion', en: 'Hiding, disarming defences', fr: 'Dissimulation, défenses désarmées' },
  { slug: 'stealth', en: 'Hiding', fr: 'Dissimulation' },
  { slug: 'defense-impairment', en: 'Disarming defences', fr: 'Défenses désarmées' },
  { slug: 'credential-access', en: 'Stealing credentials', fr: 'Vol d’identifiants' },
  { slug: 'discovery', en: 'Exploring the network', fr: 'Exploration du réseau' },
  { slug: 'lateral-movement', en: 'Moving between machines', fr: 'Passage d’une machine à l’autre' },
  { slug: 'collection', en: 'Gathering data', fr: 'Collecte de données' },
  { slug: 'command-and-control', en: 'Remote control', fr: 'Prise de contrôle à distance' },
  { slug: 'exfiltration', en: 'Taking data out', fr: 'Sortie de données' },
  { slug: 'impact', en: 'Damage', fr: 'Dégâts' },
  { slug: 'other', en: 'Other', fr: 'Autres' },
];

/** The slug under which a finding is listed: its first known tactic, else `other`. */
export function mainTactic(tactics: readonly string[]): string {
  return tactics.find((slug) => TACTICS.some((tactic) => tactic.slug === slug)) ?? 'other';
}

export const LEVEL_NAMES: Readonly<Record<Level, Bilingual>> = {
  critical: { en: 'critical', fr: 'critique' },
  high: { en: 'high', fr: 'élevé' },
  medium: { en: 'medium', fr: 'moyen' },
  low: { en: 'low', fr: 'faible' },
  informational: { en: 'info', fr: 'info' },
};
