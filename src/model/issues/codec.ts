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
    fr: '{count} autres dans ce fichier : {code}',
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
    en: 'binary garbage in the text, {lines} lines',
    fr: 'octets parasites dans le texte, {lines} lignes',
  },
  CODEC_NOT_A_LOG: {
    blame: 'user',
    en: 'binary file of no known log format; not read',
    fr: "fichier binaire d'aucun format de journal connu ; non lu",
  },
  CODEC_COLUMNS: {
    blame: 'upstream',
    en: '{found} columns where the header has {expected}',
    fr: "{found} colonnes là où l'en-tête en a {expected}",
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
} as const satisfies Record<string, IssueKind>;
