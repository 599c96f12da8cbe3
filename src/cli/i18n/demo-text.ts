/** What `vigie demo` says, in both languages. Data only. */
import { counted } from '../../model/counted.ts';
import type { Lang } from '../../model/lang.ts';

interface Written {
  readonly files: number;
  readonly megabytes: number;
  /** The folder asked for; undefined when it is a temporary one. */
  readonly kept: string | undefined;
  readonly isQuiet: boolean;
}

const en = {
  description: 'Write a simulated intrusion in a hospital, hunt in it, and tick off what was found',
  keep: 'write the logs to this folder and leave them there (default: a temporary folder, removed)',
  seed: 'another number gives another night',
  report: 'the HTML report',
  quiet: 'the same night without the intrusion',
  after: `
Exit codes: 0 every step found · 1 a step was missed (--quiet: a rule fired) · 2 wrong usage · 3 a file could not be read
`,
  introduction: ({ files, megabytes, kept, isQuiet }: Written) =>
    `One night of an invented hospital, ${isQuiet ? 'without' : 'with'} an intrusion: ${counted.en(files, 'log file')}, ${megabytes.toFixed(1)} MB, as the products write them.
${kept === undefined ? 'Written to a temporary folder (--keep DIR keeps it), and hunted in' : `Written to ${kept}, and hunted in`} as "vigie hunt ${kept ?? 'DIR'}" does.`,
  storyHead: (found: number, all: number) =>
    `What really happened (UTC), and which rule found it: ${found} of ${counted.en(all, 'step')}`,
  notFound: 'not found',
  nothingHappened: (findings: number) => `Nothing happened that night; rules that fired: ${findings}`,
  reportAt: (file: string) => `Report: ${file}`,
} as const;

type Texts = {
  readonly [Name in keyof typeof en]: (typeof en)[Name] extends string ? string : (typeof en)[Name];
};

const fr: Texts = {
  description: 'Écrire une intrusion simulée dans un hôpital, y chasser, et cocher ce qui a été trouvé',
  keep: 'écrire les journaux dans ce dossier et les y laisser (par défaut un dossier temporaire, supprimé)',
  seed: 'un autre nombre donne une autre nuit',
  report: 'le rapport HTML',
  quiet: 'la même nuit sans l’intrusion',
  after: `
Codes de sortie : 0 toutes les étapes trouvées · 1 une étape manquée (--quiet : une règle déclenchée) · 2 usage incorrect · 3 un fichier illisible
`,
  introduction: ({ files, megabytes, kept, isQuiet }) =>
    `Une nuit d’un hôpital inventé, ${isQuiet ? 'sans' : 'avec une'} intrusion : ${counted.fr(files, 'journal', 'journaux')}, ${megabytes.toFixed(1).replace('.', ',')} Mo, tels que les produits les écrivent.
${kept === undefined ? 'Écrits dans un dossier temporaire (--keep DOSSIER le garde) ; la chasse s’y fait' : `Écrits dans ${kept} ; la chasse s’y fait`} comme avec « vigie hunt ${kept ?? 'DOSSIER'} ».`,
  storyHead: (found, all) =>
    `Ce qui s’est vraiment passé (UTC), et la règle qui l’a trouvé : ${counted.fr(found, 'étape')} sur ${all}`,
  notFound: 'non trouvée',
  nothingHappened: (findings) => `Il ne s’est rien passé cette nuit-là ; règles déclenchées : ${findings}`,
  reportAt: (file) => `Rapport : ${file}`,
};

export const DEMO_TEXT: Readonly<Record<Lang, Texts>> = { en, fr };
