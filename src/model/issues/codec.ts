/** Issue texts of the codec area: code → blame and sentence in English and French. Data only. */
import type { IssueKind } from '../issue.ts';

export const CODEC_ISSUES = {
  CODEC_RECORD_TOO_LONG: {
    blame: 'upstream',
    en: 'record longer than {limit} bytes; it was skipped',
    fr: 'enregistrement de plus de {limit} octets ; il a été ignoré',
  },
  CODEC_LINE_UNREADABLE: {
    blame: 'upstream',
    en: 'line does not read as {format}; kept as text',
    fr: 'ligne illisible en {format} ; gardée comme texte',
  },
  CODEC_MORE_OF_THE_SAME: {
    blame: 'upstream',
    en: '{count} more in this file: {code}',
    fr: '{count} {count?autre|autres} dans ce fichier : {code}',
  },
  CODEC_TOO_DEEP: {
    blame: 'upstream',
    en: 'nested deeper than {limit} levels; kept as text',
    fr: 'imbriqué sur plus de {limit} niveaux ; gardé comme texte',
  },
  CODEC_SINGLE_BYTE: {
    blame: 'upstream',
    en: 'not UTF-8; read as Windows-1252 where it is not',
    fr: "n'est pas en UTF-8 ; lu en Windows-1252 là où il ne l'est pas",
  },
  CODEC_GARBAGE: {
    blame: 'upstream',
    en: 'binary garbage in the text, {lines} {lines?line|lines}',
    fr: 'octets parasites dans le texte, {lines} {lines?ligne|lignes}',
  },
  CODEC_NOT_A_LOG: {
    blame: 'user',
    en: 'binary file of no known log format; not read',
    fr: "fichier binaire d'aucun format de journal connu ; non lu",
  },
  CODEC_COLUMNS: {
    blame: 'upstream',
    en: '{found} {found?column|columns} where the header has {expected}',
    fr: "{found} {found?colonne|colonnes} là où l'en-tête en a {expected}",
  },
  CODEC_OPEN_QUOTE: {
    blame: 'upstream',
    en: 'quoted value never closed; read line by line',
    fr: 'valeur entre guillemets jamais fermée ; lue ligne par ligne',
  },
  CODEC_DOCUMENT_BROKEN: {
    blame: 'upstream',
    en: 'document is not valid JSON; kept as text, the next one is read',
    fr: 'document JSON invalide ; gardé comme texte, le suivant est lu',
  },
  CODEC_XML_CUT: {
    blame: 'upstream',
    en: 'XML cut short before its last element ends; what was read is kept',
    fr: 'XML coupé avant la fin de son dernier élément ; ce qui a été lu est gardé',
  },
  CODEC_XML_MARKUP: {
    blame: 'upstream',
    en: 'XML is not well formed here; what could be read is kept',
    fr: 'le XML est mal formé à cet endroit ; ce qui a pu être lu est gardé',
  },
  CODEC_XML_MISMATCH: {
    blame: 'upstream',
    en: 'XML end tag that does not close the open element; what could be read is kept',
    fr: "balise de fin XML qui ne ferme pas l'élément ouvert ; ce qui a pu être lu est gardé",
  },
  CODEC_XML_OUTSIDE: {
    blame: 'upstream',
    en: 'text outside any XML element; kept as text',
    fr: 'texte hors de tout élément XML ; gardé comme texte',
  },
  CODEC_XML_LARGE: {
    blame: 'upstream',
    en: 'XML of more than {limit} elements and attributes; kept as text',
    fr: 'XML de plus de {limit} éléments et attributs ; gardé comme texte',
  },
  CODEC_XML_DTD: {
    blame: 'upstream',
    en: 'XML document type declaration refused: the entities it declares are left as written',
    fr: "déclaration de type de document XML refusée : les entités qu'elle déclare restent telles quelles",
  },
  EVTX_FILE_MAGIC: {
    blame: 'upstream',
    en: 'the EVTX file header is damaged; its chunks are read all the same',
    fr: "l'en-tête du fichier EVTX est endommagé ; ses blocs sont lus quand même",
  },
  EVTX_EMPTY: {
    blame: 'upstream',
    en: 'empty file',
    fr: 'fichier vide',
  },
  EVTX_DIRTY: {
    blame: 'upstream',
    en: 'the log was in use when it was copied; its last records may be missing',
    fr: 'le journal était en cours d’utilisation lors de sa copie ; ses derniers enregistrements peuvent manquer',
  },
  EVTX_CHECKSUM: {
    blame: 'upstream',
    en: 'checksum does not hold: the log was damaged, altered, or copied while in use; it is read all the same',
    fr: 'somme de contrôle inexacte : journal endommagé, modifié, ou copié en cours d’utilisation ; il est lu quand même',
  },
  EVTX_CHUNK_MAGIC: {
    blame: 'upstream',
    en: '{bytes} {bytes?byte is|bytes are} no chunk of an event log; searched for records',
    fr: '{bytes} {bytes?octet n’est|octets ne sont} pas un bloc de journal ; enregistrements recherchés dedans',
  },
  EVTX_TRUNCATED: {
    blame: 'upstream',
    en: 'cut short: {missing} {missing?byte is|bytes are} missing here',
    fr: 'coupé : il manque ici {missing} {missing?octet|octets}',
  },
  EVTX_GAP: {
    blame: 'upstream',
    en: '{bytes} {bytes?byte holds|bytes hold} no readable record; skipped',
    fr: '{bytes} {bytes?octet|octets} sans enregistrement lisible ; {bytes?ignoré|ignorés}',
  },
  EVTX_RECORD_SIZE: {
    blame: 'upstream',
    en: 'a record states a wrong size; it was read up to the next one',
    fr: "un enregistrement indique une taille fausse ; il a été lu jusqu'au suivant",
  },
  EVTX_RECORD_PARTIAL: {
    blame: 'upstream',
    en: 'record {id} is damaged ({reason}); only part of its fields were read',
    fr: "l'enregistrement {id} est endommagé ({reason}) ; seule une partie de ses champs a été lue",
  },
  EVTX_RECORD_UNREADABLE: {
    blame: 'upstream',
    en: 'record {id} cannot be read ({reason}); skipped',
    fr: "l'enregistrement {id} est illisible ({reason}) ; ignoré",
  },
  EVTX_DELETED_LOST: {
    blame: 'upstream',
    en: '{count} deleted {count?record|records} could not be rebuilt',
    fr: "{count} {count?enregistrement effacé n'a pas pu être reconstitué|enregistrements effacés n'ont pas pu être reconstitués}",
  },
} as const satisfies Record<string, IssueKind>;
