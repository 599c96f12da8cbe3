/**
 * MISP events as feeds publish them, and the manifest that lists them. Attributes meant for detection (`to_ids`) that
 * are not deleted are used, also those inside objects. Galaxies and sightings are not read.
 */
import type { Place } from '../../model/issue.ts';
import { valuesOf } from './csv.ts';
import { type IntelSink, listOf, millisOf, objectOf, readJson } from './sink.ts';

const CONFIDENCE: Readonly<Record<string, number>> = {
  'completely-confident': 100,
  'usually-confident': 75,
  'fairly-confident': 50,
  'rarely-confident': 25,
  unconfident: 0,
};

interface EventDetails {
  readonly tags: readonly string[];
  readonly reference: string;
  readonly uuid: string | undefined;
}

/** `{ Event }`, `{ response: [{ Event }] }` or a list of either. */
export function readMispEvents(text: string, path: string, sink: IntelSink): void {
  const root = readJson(text, 'MISP', path, sink);
  const answers = objectOf(root)?.response ?? root;
  const items = Array.isArray(answers) ? listOf(answers) : [answers];
  const unknown = new Set<string>();
  for (const item of items) {
    const event = objectOf(objectOf(item)?.Event ?? item);
    if (event !== undefined) readEvent(event, { path, sink, unknown });
  }
}

interface Reading {
  readonly path: string;
  readonly sink: IntelSink;
  /** Types that were told once already. */
  readonly unknown: Set<string>;
}

function readEvent(event: Readonly<Record<string, unknown>>, reading: Reading): void {
  const { sink } = reading;
  const uuid = typeof event.uuid === 'string' ? event.uuid : undefined;
  // An event is published whole: what it does not hold any more is no indicator any more.
  if (uuid !== undefined) sink.supersede(uuid);
  const title = typeof event.info === 'string' ? event.info : 'MISP';
  const details = { tags: tagsOf(event), reference: uuid === undefined ? title : `${title} (${uuid})`, uuid };
  readAttributes(event.Attribute, 'Event.Attribute', { ...reading, details });
  for (const [index, item] of listOf(event.Object).entries()) {
    const object = objectOf(item);
    if (object?.deleted !== true) {
      readAttributes(object?.Attribute, `Event.Object.${index}.Attribute`, { ...reading, details });
    }
  }
}

function readAttributes(items: unknown, pointer: string, reading: Reading & { details: EventDetails }): void {
  for (const [index, item] of listOf(items).entries()) {
    const attribute = objectOf(item);
    if (attribute !== undefined) readAttribute(attribute, `${pointer}.${index}`, reading);
  }
}

function readAttribute(
  attribute: Readonly<Record<string, unknown>>,
  pointer: string,
  { path, sink, unknown, details }: Reading & { details: EventDetails },
): void {
  const { type, value } = attribute;
  if (
    attribute.deleted === true ||
    attribute.to_ids !== true ||
    typeof type !== 'string' ||
    typeof value !== 'string'
  )
    return;
  const place: Place = { path, pointer };
  const values = valuesOf(value, type);
  if (values.length === 0 && !unknown.has(type)) {
    unknown.add(type);
    sink.issue({ code: 'INTEL_UNKNOWN_TYPE', place, params: { type } });
  }
  const tags = [...details.tags, ...tagsOf(attribute)];
  const confidence = confidenceOf(tags);
  const validFromMillis = millisOf(attribute.first_seen);
  for (const one of values) {
    sink.add({
      ...one,
      place,
      tags,
      reference: details.reference,
      ...(details.uuid === undefined ? {} : { publisherId: details.uuid }),
      ...(confidence === undefined ? {} : { confidence }),
      ...(validFromMillis === undefined ? {} : { validFromMillis }),
    });
  }
}

function tagsOf(holder: Readonly<Record<string, unknown>>): string[] {
  return listOf(holder.Tag).flatMap((tag) => {
    const name = objectOf(tag)?.name;
    return typeof name === 'string' ? [name] : [];
  });
}

function confidenceOf(tags: readonly string[]): number | undefined {
  const found = tags
    .map((tag) => /^misp:confidence-level="([a-z-]+)"$/.exec(tag)?.[1])
    .find((name) => name !== undefined);
  return found === undefined ? undefined : CONFIDENCE[found];
}

export interface ManifestEntry {
  readonly uuid: string;
  /** Seconds since 1970 of its last change; 0 when it is not said. */
  readonly timestamp: number;
}

/** The events a feed's `manifest.json` lists. Names that are no UUID are left out: they become part of a path. */
export function readMispManifest(root: unknown): ManifestEntry[] {
  return Object.entries(objectOf(root) ?? {}).flatMap(([uuid, entry]) => {
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(uuid)) return [];
    const timestamp = Number(objectOf(entry)?.timestamp ?? 0);
    return [{ uuid, timestamp: Number.isFinite(timestamp) ? timestamp : 0 }];
  });
}
