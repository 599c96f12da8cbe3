/**
 * Where readers put what they find: canonical indicators, what the publisher took back, and an issue with its place for
 * each value that cannot be used. Issues past the limit are only counted.
 */
import type { Issue, Place } from '../../model/issue.ts';
import type { Bilingual } from '../../model/lang.ts';
import type { Indicator, IndicatorType } from '../../model/live/intel.ts';
import { canonicalValue, guessType } from '../values/canonical.ts';

/** What every indicator of a list gets where the file itself says nothing. */
export interface ListDefaults {
  readonly listId: string;
  readonly confidence: number;
  readonly tags: readonly string[];
  readonly reference?: string;
  readonly validUntilMillis?: number;
}

/** An indicator with the publisher's name for it, by which it is replaced or taken back later. */
export interface Published {
  readonly indicator: Indicator;
  readonly publisherId?: string;
}

export interface IntelSink {
  readonly defaults: ListDefaults;
  add(draft: IndicatorDraft): void;
  withdraw(publisherId: string): void;
  /** What was known under this name is replaced by what is read now. */
  supersede(publisherId: string): void;
  issue(issue: Issue): void;
}

export interface IndicatorDraft {
  /** Guessed from the value when absent. */
  readonly type?: IndicatorType;
  readonly raw: string;
  readonly place: Place;
  readonly publisherId?: string;
  readonly confidence?: number;
  readonly tags?: readonly string[];
  readonly reference?: string;
  readonly validFromMillis?: number;
  readonly validUntilMillis?: number;
}

export interface IntelReading {
  readonly indicators: number;
  readonly withdrawn: readonly string[];
  readonly superseded: readonly string[];
  readonly issues: readonly Issue[];
  /** All of them, also those past the limit. */
  readonly issueCount: number;
}

export interface CollectedSink extends IntelSink {
  readonly reading: IntelReading;
}

const MAX_ISSUES = 500;
const MAX_TAGS = 30;
const MAX_TAG_CHARS = 200;
const MAX_SHOWN_CHARS = 120;

const NAMES: Readonly<Record<IndicatorType | 'any', Bilingual>> = {
  any: {
    en: 'a domain, URL, address, hash or mail address',
    fr: 'un domaine, une URL, une adresse, une empreinte ou une adresse électronique',
  },
  domain: { en: 'a domain name', fr: 'un nom de domaine' },
  url: { en: 'a URL', fr: 'une URL' },
  ip: { en: 'an IP address or range', fr: 'une adresse ou plage IP' },
  md5: { en: 'an MD5', fr: 'un MD5' },
  sha1: { en: 'a SHA-1', fr: 'un SHA-1' },
  sha256: { en: 'a SHA-256', fr: 'un SHA-256' },
  imphash: { en: 'an imphash', fr: 'un imphash' },
  email: { en: 'a mail address', fr: 'une adresse électronique' },
};

/** @param take called with each indicator as it is found, so that a large list never stands in memory twice */
export function createIntelSink(defaults: ListDefaults, take: (published: Published) => void): CollectedSink {
  const withdrawn: string[] = [];
  const superseded: string[] = [];
  const issues: Issue[] = [];
  const counts = { indicators: 0, issues: 0 };
  function issue(one: Issue): void {
    counts.issues++;
    if (issues.length < MAX_ISSUES) issues.push(one);
  }
  return {
    defaults,
    issue,
    withdraw: (publisherId) => void withdrawn.push(publisherId),
    supersede: (publisherId) => void superseded.push(publisherId),
    add(draft) {
      const indicator = indicatorOf(draft, defaults, issue);
      if (indicator === undefined) return;
      counts.indicators++;
      const { publisherId } = draft;
      take(publisherId === undefined ? { indicator } : { indicator, publisherId });
    },
    get reading() {
      return { indicators: counts.indicators, withdrawn, superseded, issues, issueCount: counts.issues };
    },
  };
}

function indicatorOf(
  draft: IndicatorDraft,
  defaults: ListDefaults,
  issue: (issue: Issue) => void,
): Indicator | undefined {
  const type = draft.type ?? guessType(draft.raw);
  const result = type === undefined ? ({ kind: 'bad-value' } as const) : canonicalValue(type, draft.raw);
  const value = draft.raw.slice(0, MAX_SHOWN_CHARS);
  const { place } = draft;
  if (type === undefined || result.kind === 'bad-value') {
    const what = NAMES[type ?? 'any'];
    issue({ code: 'INTEL_BAD_VALUE', place, params: { value, what: what.en, whatFr: what.fr } });
  } else if (result.kind === 'public-suffix')
    issue({ code: 'INTEL_PUBLIC_SUFFIX', place, params: { value } });
  else if (result.kind === 'too-wide') {
    issue({ code: 'INTEL_TOO_WIDE', place, params: { value, limit: result.limit } });
  } else if (result.kind === 'ok') return { type, value: result.value, ...detailsOf(draft, defaults) };
  return undefined;
}

function detailsOf(draft: IndicatorDraft, defaults: ListDefaults): Omit<Indicator, 'type' | 'value'> {
  const tags =
    draft.tags === undefined || draft.tags.length === 0 ? defaults.tags : [...defaults.tags, ...draft.tags];
  const reference = draft.reference ?? defaults.reference;
  const validUntilMillis = draft.validUntilMillis ?? defaults.validUntilMillis;
  return {
    listId: defaults.listId,
    confidence: Math.round(Math.min(100, Math.max(0, draft.confidence ?? defaults.confidence))),
    tags: tags.slice(0, MAX_TAGS).map((tag) => tag.slice(0, MAX_TAG_CHARS)),
    ...(reference === undefined ? {} : { reference }),
    ...(draft.validFromMillis === undefined ? {} : { validFromMillis: draft.validFromMillis }),
    ...(validUntilMillis === undefined ? {} : { validUntilMillis }),
  };
}

/** Milliseconds of an ISO date, undefined for anything else. */
export function millisOf(text: unknown): number | undefined {
  if (typeof text !== 'string' || !/^\d{4}-\d{2}-\d{2}/.test(text)) return undefined;
  const millis = Date.parse(text.includes('T') || text.length === 10 ? text : `${text.replace(' ', 'T')}Z`);
  return Number.isNaN(millis) ? undefined : millis;
}

/** JSON read, or an issue and undefined. */
export function readJson(text: string, format: string, path: string, sink: IntelSink): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    sink.issue({ code: 'INTEL_NOT_READABLE', place: { path }, params: { format, reason, reasonFr: reason } });
    return undefined;
  }
}

/** The value as an object, if it is one. */
export function objectOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

export function textsOf(value: unknown): string[] {
  return listOf(value).filter((item): item is string => typeof item === 'string');
}
