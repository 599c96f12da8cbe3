/** Help texts of `vigie hunt`, in both languages. Data only. */
import type { Lang } from '../../model/lang.ts';

const en = {
  description: 'Find attacks in files and folders of logs: what matters, when, on which machines, and why.',
  path: 'files, folders, archives (zip, tar, gzip, zstd, bz2); - for standard input',
  rules: 'more Sigma rules: a directory, a file or a ZIP (SigmaHQ as released); may be repeated',
  noOwnRules: "leave out Vigie's own rules",
  placeholders: 'YAML or JSON file of placeholder values for the expand modifier',
  content: 'overlay directory of the site (sources, envelopes, rules)',
  from: 'only events from this time on (ISO 8601; UTC unless a zone is written)',
  to: 'only events before this time',
  level: 'least level of the rules used',
  tag: 'only rules with this tag, such as attack.t1003 or attack.credential-access; may be repeated',
  format: 'table for people; json: summary and findings; jsonl, csv, timesketch: one row per signal',
  json: 'same as --format json',
  output: 'write the result to a file instead of standard output',
  report: 'also write a self-contained HTML report',
  inputFormat: 'read everything as this format instead of detecting it',
  zone: 'time zone of records that write none (IANA name; default: this machine’s)',
  threads: 'reading threads (default: one per processor)',
  noCache: 'parse all rules anew, and keep nothing (they are kept in the user’s cache directory)',
  failOn: 'exit with 1 when something of this level or above was found',
  details: 'every finding in full, noisy rules unfolded',
  noProgress: 'no progress line',
  stopping: 'Stopping: finishing the pieces being read. Ctrl-C again to end at once.',
  after: `
Examples:
  vigie hunt /mnt/evidence                          everything below a folder
  vigie hunt Security.evtx Sysmon.evtx --report out.html
  vigie hunt logs.zip --rules sigma_all_rules.zip --level high
  vigie hunt /var/log --from 2026-11-23T20:00Z --to 2026-11-24T06:00Z
  journalctl -o json | vigie hunt - --format jsonl | jq -r '."rule.name"'

Exit codes: 0 done · 1 --fail-on reached · 2 wrong usage · 3 some input or rules could not be read · 130 interrupted
`,
} as const;

const fr: Record<keyof typeof en, string> = {
  description:
    'Trouver les attaques dans des fichiers et dossiers de journaux : ce qui compte, quand, sur quelles machines, et pourquoi.',
  path: 'fichiers, dossiers, archives (zip, tar, gzip, zstd, bz2) ; - pour l’entrée standard',
  rules: 'autres règles Sigma : dossier, fichier ou ZIP (SigmaHQ tel que publié) ; répétable',
  noOwnRules: 'laisser de côté les règles de Vigie',
  placeholders: 'fichier YAML ou JSON des valeurs pour le modificateur expand',
  content: 'dossier de contenu du site (sources, enveloppes, règles)',
  from: 'seulement les évènements à partir de cet instant (ISO 8601 ; UTC sauf fuseau écrit)',
  to: 'seulement les évènements avant cet instant',
  level: 'niveau minimal des règles utilisées',
  tag: 'seulement les règles portant cette étiquette, comme attack.t1003 ; répétable',
  format: 'table pour lire ; json : résumé et constats ; jsonl, csv, timesketch : une ligne par signal',
  json: 'identique à --format json',
  output: 'écrire le résultat dans un fichier au lieu de la sortie standard',
  report: 'écrire aussi un rapport HTML autonome',
  inputFormat: 'lire tout dans ce format au lieu de le reconnaître',
  zone: 'fuseau des enregistrements qui n’en écrivent pas (nom IANA ; par défaut celui de la machine)',
  threads: 'fils de lecture (par défaut un par processeur)',
  noCache: 'relire toutes les règles sans rien garder (elles sont gardées dans le cache de l’utilisateur)',
  failOn: 'sortir avec 1 si un constat atteint ce niveau',
  details: 'chaque constat en entier, règles bruyantes dépliées',
  noProgress: 'sans ligne de progression',
  stopping: 'Arrêt : fin des morceaux en cours de lecture. Ctrl-C à nouveau pour finir aussitôt.',
  after: `
Exemples :
  vigie hunt /mnt/preuves                           tout ce que contient un dossier
  vigie hunt Security.evtx Sysmon.evtx --report rapport.html
  vigie hunt journaux.zip --rules sigma_all_rules.zip --level high
  vigie hunt /var/log --from 2026-11-23T20:00Z --to 2026-11-24T06:00Z
  journalctl -o json | vigie hunt - --format jsonl | jq -r '."rule.name"'

Codes de sortie : 0 terminé · 1 --fail-on atteint · 2 mauvaise commande · 3 une partie, ou des règles, illisibles · 130 interrompu
`,
};

export const HUNT_HELP: Readonly<Record<Lang, Readonly<Record<keyof typeof en, string>>>> = { en, fr };

/** What is said of an option that cannot be used. */
export const HUNT_COMPLAINTS = {
  en: {
    moment: (option: string, text: string) =>
      `${option} "${text}": expected ISO 8601 such as 2026-11-24T03:00:00Z or 2026-11-24`,
    range: (from: string, to: string) => `--from "${from}" is not before --to "${to}": no event lies between`,
    zone: (zone: string) => `--zone "${zone}": expected an IANA time zone such as Europe/Paris`,
    threads: (text: string) => `--threads "${text}": expected a whole number from 1 to 64`,
  },
  fr: {
    moment: (option: string, text: string) =>
      `${option} « ${text} » : attendu ISO 8601, comme 2026-11-24T03:00:00Z ou 2026-11-24`,
    range: (from: string, to: string) =>
      `--from « ${from} » n’est pas avant --to « ${to} » : aucun évènement ne s’y trouve`,
    zone: (zone: string) => `--zone « ${zone} » : attendu un fuseau IANA, comme Europe/Paris`,
    threads: (text: string) => `--threads « ${text} » : attendu un nombre entier de 1 à 64`,
  },
} as const;
