/** Words of `vigie dead-letters`, in both languages. Data only. */
import { counted } from '../../model/counted.ts';
import type { Lang } from '../../model/lang.ts';

const en = {
  deadLetters:
    'Records that could not be decoded, normalised, matched or stored: look, mend, replay, discard',
  list: 'list them, newest first: open ones, unless --state says otherwise',
  show: 'one letter: why, where, from whom, and the record',
  fix: 'replay a letter with other bytes than those received',
  replay: 'send records through the pipeline again as they are (after a new version, or new content)',
  discard: 'be done with letters: they are kept, and no longer listed among the open ones',
  id: 'id, see vigie dead-letters list',
  ids: 'ids, see vigie dead-letters list',
  state: 'what became of them',
  step: 'only those that failed at this step',
  receiver: 'only those of this receiver',
  code: 'only those with this reason, such as LIVE_STEP_THREW',
  limit: 'how many at most (1 to 1000)',
  json: 'as JSON, one letter a line',
  jsonOne: 'as JSON',
  raw: 'only the record, byte for byte',
  with: 'file with the mended record; - reads standard input',
  none: 'No dead letter.',
  more: (shown: number) => `… more than ${shown}: --limit, --step or --receiver`,
  columnReceived: 'received (UTC)',
  columnStep: 'step',
  columnState: 'state',
  columnSender: 'sender',
  columnReason: 'reason',
  open: 'open',
  replayed: 'replayed',
  discarded: 'discarded',
  mended: 'mended',
  by: (name: string, at: string) => `by ${name}, ${at}`,
  place: 'place',
  record: (bytes: number) => `Record, ${counted.en(bytes, 'byte')}:`,
  cut: (shown: number) => `… the first ${shown} characters; all of it with --raw`,
  wayOut: (id: string) => `Next: vigie dead-letters fix ${id} --with FILE · replay ${id} · discard ${id}`,
  replayedNow: (id: string) =>
    `${id}: replayed; find it with vigie search, or listed here again if it failed again.`,
  discardedNow: (id: string) => `${id}: discarded.`,
  unreadable: (file: string, reason: string) => `${file}: cannot be read (${reason})`,
  tooLarge: (file: string, limit: number) =>
    `${file}: more than ${limit} bytes; send it to a receiver instead`,
  emptyFile: (file: string) => `${file}: empty; to be done with the letter: vigie dead-letters discard`,
  listAfter: `
Examples:
  vigie dead-letters list
  vigie dead-letters list --step decode --receiver syslog-tcp --json
  vigie dead-letters list --state all

Exit codes: 0 done · 2 wrong usage · 70 the service cannot answer
`,
  showAfter: `
Examples:
  vigie dead-letters show 1.65536
  vigie dead-letters show 1.65536 --raw > record.bin

Exit codes: 0 done · 2 no such letter · 70 the service cannot answer
`,
  changeAfter: `
Examples:
  vigie dead-letters fix 1.65536 --with mended.json
  vigie dead-letters show 1.65536 --raw | sed 's/BAD/GOOD/' | vigie dead-letters fix 1.65536 --with -
  vigie dead-letters replay 1.65536 1.65537
  vigie dead-letters discard 1.65538

Replaying needs a running service (vigie up). A letter is replayed or discarded once; both are in vigie journal.
Exit codes: 0 done · 2 no such letter, closed before, or no running service · 70 the service cannot answer
`,
};

const fr: typeof en = {
  deadLetters:
    'Enregistrements en échec (décodage, normalisation, règles, stockage) : voir, corriger, rejouer, écarter',
  list: 'les lister, du plus récent au plus ancien : les ouvertes, sauf --state',
  show: 'une lettre : pourquoi, où, de qui, et l’enregistrement',
  fix: 'rejouer une lettre avec d’autres octets que ceux reçus',
  replay: 'renvoyer les enregistrements tels quels dans la chaîne (nouvelle version, nouveau contenu)',
  discard: 'en finir avec des lettres : elles sont conservées, et ne figurent plus parmi les ouvertes',
  id: 'identifiant, voir vigie dead-letters list',
  ids: 'identifiants, voir vigie dead-letters list',
  state: 'ce qu’elles sont devenues',
  step: 'seulement celles en échec à cette étape',
  receiver: 'seulement celles de ce récepteur',
  code: 'seulement celles de cette raison, comme LIVE_STEP_THREW',
  limit: 'combien au plus (1 à 1000)',
  json: 'en JSON, une lettre par ligne',
  jsonOne: 'en JSON',
  raw: 'seulement l’enregistrement, octet pour octet',
  with: 'fichier de l’enregistrement corrigé ; - lit l’entrée standard',
  none: 'Aucune lettre morte.',
  more: (shown) => `… plus de ${shown} : --limit, --step ou --receiver`,
  columnReceived: 'reçu (UTC)',
  columnStep: 'étape',
  columnState: 'état',
  columnSender: 'expéditeur',
  columnReason: 'raison',
  open: 'ouverte',
  replayed: 'rejouée',
  discarded: 'écartée',
  mended: 'corrigée',
  by: (name, at) => `par ${name}, ${at}`,
  place: 'endroit',
  record: (bytes) => `Enregistrement, ${counted.fr(bytes, 'octet')} :`,
  cut: (shown) => `… les ${shown} premiers caractères ; le tout avec --raw`,
  wayOut: (id) => `Ensuite : vigie dead-letters fix ${id} --with FICHIER · replay ${id} · discard ${id}`,
  replayedNow: (id) =>
    `${id} : rejouée ; vigie search la retrouve, ou elle figure ici à nouveau si elle a encore échoué.`,
  discardedNow: (id) => `${id} : écartée.`,
  unreadable: (file, reason) => `${file} : illisible (${reason})`,
  tooLarge: (file, limit) => `${file} : plus de ${limit} octets ; envoyez-le plutôt à un récepteur`,
  emptyFile: (file) => `${file} : vide ; pour en finir avec la lettre : vigie dead-letters discard`,
  listAfter: `
Exemples :
  vigie dead-letters list
  vigie dead-letters list --step decode --receiver syslog-tcp --json
  vigie dead-letters list --state all

Codes de sortie : 0 fait · 2 mauvaise commande · 70 le service ne peut pas répondre
`,
  showAfter: `
Exemples :
  vigie dead-letters show 1.65536
  vigie dead-letters show 1.65536 --raw > enregistrement.bin

Codes de sortie : 0 fait · 2 lettre inconnue · 70 le service ne peut pas répondre
`,
  changeAfter: `
Exemples :
  vigie dead-letters fix 1.65536 --with corrige.json
  vigie dead-letters show 1.65536 --raw | sed 's/MAUVAIS/BON/' | vigie dead-letters fix 1.65536 --with -
  vigie dead-letters replay 1.65536 1.65537
  vigie dead-letters discard 1.65538

Rejouer demande un service en marche (vigie up). Une lettre se rejoue ou s’écarte une fois ; vigie journal le garde.
Codes de sortie : 0 fait · 2 lettre inconnue, déjà close, ou service arrêté · 70 le service ne peut pas répondre
`,
};

export const DEAD_LETTERS_TEXT: Readonly<Record<Lang, typeof en>> = { en, fr };
