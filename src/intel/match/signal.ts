/**
 * Makes the stored signal of a hit. The id rests on the list, the indicator and the event, so that the live match and a
 * later search of the past give the same signal. It does not decide which hits become signals: the suppressed do not.
 */
import { stableId } from '../../lib/sha256.ts';
import type { Event } from '../../model/event.ts';
import type { Bilingual } from '../../model/lang.ts';
import type { Level } from '../../model/level.ts';
import type { IndicatorType, IntelHit } from '../../model/live/intel.ts';
import type { Entity, EventRef, LiveSignal } from '../../model/live/signal.ts';

/** Below it an indicator is a hint: its signals are `low` at most. */
const DOUBTFUL_CONFIDENCE = 30;
const MAX_DETAIL_TAGS = 20;

const TYPE_NAMES: Readonly<Record<IndicatorType, Bilingual>> = {
  domain: { en: 'domain', fr: 'domaine' },
  url: { en: 'URL', fr: 'URL' },
  ip: { en: 'address', fr: 'adresse' },
  md5: { en: 'file (MD5)', fr: 'fichier (MD5)' },
  sha1: { en: 'file (SHA-1)', fr: 'fichier (SHA-1)' },
  sha256: { en: 'file (SHA-256)', fr: 'fichier (SHA-256)' },
  imphash: { en: 'program family (imphash)', fr: 'famille de programmes (imphash)' },
  email: { en: 'mail address', fr: 'adresse électronique' },
};

/** What is needed of the event, live or read back from the store. */
export interface HitContext {
  readonly ref: EventRef;
  /** The event's own time, or when it was received if it has none. */
  readonly atMicros: number;
  readonly ecs: Event['ecs'];
}

/** The title names no value: titles are few, values many. The value is in the explanation, entities and details. */
export function intelSignal(hit: IntelHit, context: HitContext): LiveSignal {
  const { indicator, list } = hit;
  const what = TYPE_NAMES[indicator.type];
  return {
    id: stableId([
      'intel',
      list.id,
      list.version,
      indicator.type,
      indicator.value,
      context.ref.node,
      context.ref.seq,
    ]),
    atMicros: context.atMicros,
    kind: 'intel',
    contentId: list.id,
    contentVersion: list.version,
    title: {
      en: `Listed ${what.en} (${list.title.en})`,
      fr: `${capital(what.fr)} dans une liste (${list.title.fr})`,
    },
    level: levelOf(hit),
    entities: entitiesOf(hit, context.ecs),
    events: [context.ref],
    tactics: [],
    techniques: indicator.tags.flatMap(techniqueOf),
    deciding: [{ field: hit.field, value: hit.value }],
    explanation: explanationOf(hit),
    details: detailsOf(hit),
  };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function levelOf({ warning, indicator, list }: IntelHit): Level {
  if (warning !== undefined) return 'informational';
  return indicator.confidence < DOUBTFUL_CONFIDENCE && list.level !== 'informational' ? 'low' : list.level;
}

/** `attack.t1071.001`, or MISP's `…="… - T1071.001"`. */
function techniqueOf(tag: string): string[] {
  const found = /\bt\d{4}(\.\d{3})?\b/i.exec(tag)?.[0];
  return found !== undefined && /attack/i.test(tag) ? [found.toUpperCase()] : [];
}

function entitiesOf({ indicator }: IntelHit, ecs: Event['ecs']): Entity[] {
  const text = (name: string): string | undefined => {
    const value = ecs[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const found: Entity[] = [];
  const add = (kind: Entity['kind'], name: string | undefined): void => {
    if (name !== undefined) found.push({ kind, name });
  };
  add('host', text('host.name'));
  add('account', text('user.name'));
  if (text('source.ip') !== indicator.value) add('address', text('source.ip'));
  if (['domain', 'url', 'ip'].includes(indicator.type)) add('destination', indicator.value);
  return found;
}

function explanationOf({ field, value, indicator, list, warning, isEarly }: IntelHit): Bilingual {
  const benign = warning === undefined ? undefined : `${warning.entry}`;
  const reference = indicator.reference === undefined ? '' : ` (${indicator.reference})`;
  return {
    en: [
      `${field} is ${value}; the list ${list.title.en} has ${indicator.value}${reference}, confidence ${indicator.confidence}.`,
      ...(benign === undefined ? [] : [`Probably benign: ${warning?.title.en} has ${benign}.`]),
      ...(isEarly ? ['The event is older than the beginning the list states.'] : []),
    ].join(' '),
    fr: [
      `${field} vaut ${value} ; la liste ${list.title.fr} contient ${indicator.value}${reference}, confiance ${indicator.confidence}.`,
      ...(benign === undefined ? [] : [`Sans doute bénin : ${warning?.title.fr} contient ${benign}.`]),
      ...(isEarly ? ["L'évènement est antérieur au début indiqué par la liste."] : []),
    ].join(' '),
  };
}

function detailsOf({ indicator, warning, isEarly }: IntelHit): Record<string, unknown> {
  return {
    indicatorType: indicator.type,
    indicator: indicator.value,
    confidence: indicator.confidence,
    tags: indicator.tags.slice(0, MAX_DETAIL_TAGS),
    ...(indicator.reference === undefined ? {} : { reference: indicator.reference }),
    ...(warning === undefined ? {} : { warningList: warning.listId, warningEntry: warning.entry }),
    ...(isEarly ? { isEarly } : {}),
  };
}
