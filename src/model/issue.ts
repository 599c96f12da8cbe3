/**
 * Issue: one thing that could not be read, understood or done, with its place and its blame. Pure engines return
 * issues beside their value instead of throwing. The texts live in `issues/`, one catalogue per area, so that a
 * code always exists in both languages. This file does not decide what to do about an issue.
 */

import { fillText } from './counted.ts';
import { ACCESS_ISSUES } from './issues/access.ts';
import { API_ISSUES } from './issues/api.ts';
import { CODEC_ISSUES } from './issues/codec.ts';
import { CONTENT_ISSUES } from './issues/content.ts';
import { FILES_ISSUES } from './issues/files.ts';
import { INTEL_ISSUES } from './issues/intel.ts';
import { INVENTORY_ISSUES } from './issues/inventory.ts';
import { LIVE_ISSUES } from './issues/live.ts';
import { NET_ISSUES } from './issues/net.ts';
import { NORMALISE_ISSUES } from './issues/normalise.ts';
import { QUERY_ISSUES } from './issues/query.ts';
import { RECORD_ISSUES } from './issues/record.ts';
import { SEARCH_ISSUES } from './issues/search.ts';
import { SIGMA_ISSUES } from './issues/sigma.ts';
import type { Bilingual, Lang } from './lang.ts';

/** Who can mend it: the person at the keyboard, the site's configuration, who produced the data, or us. */
export type Blame = 'user' | 'config' | 'upstream' | 'bug';

/** One catalogue entry: `{name}` in a text is replaced by the parameter of that name, `{name?one|many}` agrees with it. */
export interface IssueKind extends Bilingual {
  readonly blame: Blame;
}

export const ISSUES = {
  ...API_ISSUES,
  ...ACCESS_ISSUES,
  ...CODEC_ISSUES,
  ...CONTENT_ISSUES,
  ...FILES_ISSUES,
  ...INTEL_ISSUES,
  ...INVENTORY_ISSUES,
  ...NET_ISSUES,
  ...LIVE_ISSUES,
  ...NORMALISE_ISSUES,
  ...QUERY_ISSUES,
  ...RECORD_ISSUES,
  ...SEARCH_ISSUES,
  ...SIGMA_ISSUES,
} as const satisfies Record<string, IssueKind>;

export type IssueCode = keyof typeof ISSUES;

/** Codes read from outside may be another version's. */
export function isIssueCode(code: string): code is IssueCode {
  return Object.hasOwn(ISSUES, code);
}

/** Where it happened. Every part is optional; `path` may name a member inside an archive (`logs.zip!/a.evtx`). */
export interface Place {
  readonly path?: string;
  /** Byte offset from the start of the (decompressed) file. */
  readonly offset?: number;
  /** 1-based line number. */
  readonly line?: number;
  /** 1-based column, in characters. */
  readonly column?: number;
  /** Dotted path inside a document, such as `detection.selection.Image`. */
  readonly pointer?: string;
}

export interface Issue {
  readonly code: IssueCode;
  readonly place: Place;
  readonly params?: Readonly<Record<string, string | number>>;
}

/** A value with what went wrong on the way to it. */
export interface WithIssues<T> {
  readonly value: T;
  readonly issues: readonly Issue[];
}

/**
 * The sentence of an issue, without its place.
 * @example renderIssue({ code: 'FILES_UNREADABLE', place: {}, params: { reason: 'EACCES', errno: 'EACCES' } }, 'en')
 */
export function renderIssue(issue: Issue, lang: Lang): string {
  const params = issue.params ?? {};
  const reason = systemReason(String(params.errno))?.[lang];
  return fillText(ISSUES[issue.code][lang], reason === undefined ? params : { ...params, reason }, lang);
}

/** What the system calls `ENOENT` and the like, in words; undefined for what is not met often. */
export function systemReason(errno: string): Bilingual | undefined {
  return SYSTEM_REASONS[errno];
}

/** What the system says of a file, in words, where `errno` names it: a `reason` that reads alike is only a text. */
const SYSTEM_REASONS: Readonly<Record<string, Bilingual>> = {
  ENOENT: { en: 'no such file or directory', fr: 'ce fichier ou ce dossier n’existe pas' },
  EACCES: { en: 'permission denied', fr: 'permission refusée' },
  EPERM: { en: 'permission denied', fr: 'permission refusée' },
  EIO: { en: 'the disk gives an error', fr: 'le disque rend une erreur' },
  EEXIST: { en: 'it is there already', fr: 'il existe déjà' },
  ENOSPC: { en: 'the disk is full', fr: 'le disque est plein' },
  EROFS: { en: 'the disk can only be read', fr: 'le disque est en lecture seule' },
  EISDIR: { en: 'it is a directory', fr: 'c’est un dossier' },
  EMFILE: { en: 'too many files are open', fr: 'trop de fichiers sont ouverts' },
  EBUSY: { en: 'it is in use', fr: 'il est utilisé ailleurs' },
  ENOTDIR: { en: 'a part of the path is no directory', fr: 'une partie du chemin n’est pas un dossier' },
};

/**
 * The place of an issue as one short string, such as `a.zip!/b.json:12:3 (detection.sel)`; empty when unknown.
 */
export function renderPlace(place: Place): string {
  let text = place.path ?? '';
  if (place.line !== undefined) text += `:${place.line}`;
  if (place.line !== undefined && place.column !== undefined) text += `:${place.column}`;
  if (place.line === undefined && place.offset !== undefined) text += `@${place.offset}`;
  if (place.pointer !== undefined) text += text === '' ? place.pointer : ` (${place.pointer})`;
  return text;
}
