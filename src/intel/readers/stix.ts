/**
 * STIX 2.0 and 2.1: a bundle, a TAXII envelope, a list, or one object. Only `indicator` objects are used; what they
 * revoke is taken back. Signatures and relationships are not read.
 */
import type { Place } from '../../model/issue.ts';
import {
  type IndicatorDraft,
  type IntelSink,
  listOf,
  millisOf,
  objectOf,
  readJson,
  textsOf,
} from './sink.ts';
import { parseStixPattern } from './stix-pattern.ts';

type StixObject = Readonly<Record<string, unknown>>;

export function readStix(text: string, path: string, sink: IntelSink): void {
  const root = readJson(text, 'STIX', path, sink);
  if (root !== undefined) readStixObjects(root, path, sink);
}

/** The same for JSON that was read already: `{ objects }`, a list, or one object. */
export function readStixObjects(root: unknown, path: string, sink: IntelSink): void {
  const inside = objectOf(root)?.objects;
  const isBundle = Array.isArray(inside);
  const objects = Array.isArray(root) ? listOf(root) : isBundle ? listOf(inside) : [root];
  for (const [index, item] of objects.entries()) {
    const object = objectOf(item);
    if (object?.type !== 'indicator') continue;
    readIndicator(object, { path, pointer: isBundle ? `objects.${index}` : String(index) }, sink);
  }
}

function readIndicator(object: StixObject, place: Place, sink: IntelSink): void {
  const id = typeof object.id === 'string' ? object.id : undefined;
  if (object.revoked === true) {
    if (id !== undefined) sink.withdraw(id);
    return;
  }
  const { pattern } = object;
  const type = object.pattern_type ?? 'stix';
  if (typeof pattern !== 'string' || type !== 'stix') {
    const name = typeof type === 'string' ? `pattern_type ${type}` : 'pattern_type ?';
    sink.issue({ code: 'INTEL_UNKNOWN_TYPE', place, params: { type: name } });
    return;
  }
  const parsed = parseStixPattern(pattern);
  if (parsed.kind === 'refused') {
    const { column, reason } = parsed.problem;
    const where = { ...place, column, pointer: `${place.pointer}.pattern` };
    const params = { column, reason: reason.en, reasonFr: reason.fr };
    sink.issue({ code: 'INTEL_PATTERN_UNSUPPORTED', place: where, params });
    return;
  }
  const details = detailsOf(object, id);
  for (const value of parsed.values) sink.add({ ...value, ...details, place });
}

function detailsOf(object: StixObject, id: string | undefined): Omit<IndicatorDraft, 'raw' | 'place'> {
  const tags = [...textsOf(object.labels), ...textsOf(object.indicator_types), ...phasesOf(object)];
  const reference = referenceOf(object) ?? id;
  const validFromMillis = millisOf(object.valid_from);
  const validUntilMillis = millisOf(object.valid_until);
  return {
    ...(id === undefined ? {} : { publisherId: id }),
    ...(typeof object.confidence === 'number' ? { confidence: object.confidence } : {}),
    ...(tags.length === 0 ? {} : { tags: [...new Set(tags)] }),
    ...(reference === undefined ? {} : { reference }),
    ...(validFromMillis === undefined ? {} : { validFromMillis }),
    ...(validUntilMillis === undefined ? {} : { validUntilMillis }),
  };
}

function phasesOf(object: StixObject): string[] {
  return listOf(object.kill_chain_phases).flatMap((phase) => {
    const name = objectOf(phase)?.phase_name;
    return typeof name === 'string' ? [name] : [];
  });
}

/** The first link it gives, else its name. */
function referenceOf(object: StixObject): string | undefined {
  for (const item of listOf(object.external_references)) {
    const url = objectOf(item)?.url;
    if (typeof url === 'string') return url;
  }
  return typeof object.name === 'string' ? object.name : undefined;
}
