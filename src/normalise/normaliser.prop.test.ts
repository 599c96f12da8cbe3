/**
 * Properties of normalising with all shipped content: nothing thrown, nothing changed, nothing lost, and the classifier
 * of JSON lines never contradicts it. Records are made from the shapes envelopes and sources know, and then disturbed.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shippedNormaliser } from '../../test/rule-runner.ts';
import { type Event, type Fields, type FieldValue, FORMATS, type LogRecord } from '../model/event.ts';
import { createJsonClassifier } from './index.ts';
import { parseTime } from './time.ts';

const RUNS = { numRuns: 400, seed: 20261124 };
const CONTEXT = { siteZone: 'Europe/Paris', referenceMicros: Date.UTC(2026, 10, 24) * 1000 };
const normaliser = shippedNormaliser();
const classifier = createJsonClassifier(normaliser);

const NAMES = [
  ...[
    'Channel',
    'EventID',
    'Provider_Name',
    'SourceName',
    'Hostname',
    'Computer',
    'Message',
    'message',
    'EventTime',
  ],
  ...[
    'EventReceivedTime',
    'TimeCreated',
    '@timestamp',
    'Image',
    'CommandLine',
    'EventType',
    'Data',
    'user',
    'host',
  ],
  ...[
    'Threat_Name',
    'appname',
    'type',
    'event_type',
    'flow_id',
    '_path',
    'id.orig_h',
    'uid',
    'resourceType',
    'subtype',
  ],
  ...[
    'log',
    'stream',
    'MESSAGE',
    '_HOSTNAME',
    'category',
    'Workload',
    'Operation',
    'CreationTime',
    'code',
    'name',
  ],
  ...['__proto__', 'constructor', 'a.b', 'EventData', 'EventData_Image', 'x\\y', ''],
];
const name = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 1, arbitrary: fc.string({ maxLength: 6 }) },
);
const scalar: fc.Arbitrary<FieldValue> = fc.oneof(
  fc.constantFrom<FieldValue>(
    'Security',
    'System',
    'Microsoft-Windows-Sysmon/Operational',
    'Windows PowerShell',
  ),
  fc.constantFrom<FieldValue>(
    'Microsoft-Windows-Sysmon',
    'SetValue',
    'alert',
    'AuditEvent',
    'Exchange',
    'sshd',
    'dns',
  ),
  fc.constantFrom<FieldValue>(1, 12, 4688, '4688', '1.0', 104, 4625, 'null', true, null, '', '-', 1.5),
  fc.constantFrom<FieldValue>('2026-11-24T07:12:33.1Z', '2026-11-24 08:12:33', 'Nov 24 08:12:33', 1795504353),
  fc.string({ maxLength: 12 }),
);
const value = fc.oneof(
  { weight: 8, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }) as fc.Arbitrary<FieldValue> },
);
const object = fc.dictionary(name, value, { maxKeys: 8, noNullPrototype: true });
const attributes = fc.record({ '#attributes': object });

/** One of the shapes envelopes take off, or none. */
const shape: fc.Arbitrary<Fields> = fc.oneof(
  object,
  fc.record({
    Channel: scalar,
    EventID: scalar,
    SourceName: scalar,
    EventReceivedTime: scalar,
    Hostname: scalar,
  }),
  fc.record({
    log_name: scalar,
    event_id: scalar,
    source_name: scalar,
    event_data: object,
    user_data: object,
  }),
  fc.record({
    winlog: fc.record({ channel: scalar, event_id: scalar, provider_name: scalar, event_data: object }),
    process: fc.record({ executable: scalar, pid: scalar }),
    message: scalar,
  }),
  fc.record({
    Event: fc.record({
      System: fc.record({
        Provider: attributes,
        EventID: fc.oneof(scalar, fc.record({ '#text': scalar })),
        Channel: scalar,
      }),
      EventData: fc.oneof(object, scalar),
      UserData: fc.record({ Inner: object }),
    }),
  }),
  fc.record({ MESSAGE: scalar, _HOSTNAME: scalar, SYSLOG_IDENTIFIER: scalar, _PID: scalar }),
  fc.record({ log: scalar, stream: scalar, time: scalar }),
  fc.record({ event_type: scalar, flow_id: scalar, timestamp: scalar, dns: object }),
) as fc.Arbitrary<Fields>;
const anyRecord = fc
  .tuple(shape, object)
  .map(([first, second]) => JSON.parse(JSON.stringify({ ...second, ...first })) as Fields);

function recordOf(fields: Fields, format: LogRecord['format'] = 'json'): LogRecord {
  return { format, fields, text: JSON.stringify(fields), origin: { path: 'p', offset: 0 } };
}

function eventOf(record: LogRecord): Event {
  const outcome = normaliser.normalise(record, CONTEXT);
  if (outcome.kind !== 'ok') throw new Error(outcome.kind);
  return outcome.value;
}

/** Every scalar of a value, as text. */
function leaves(item: unknown): string[] {
  if (item === null || typeof item !== 'object') return [String(item)];
  return Object.values(item).flatMap(leaves);
}

describe('normalising', () => {
  it('never throws, whatever the format and fields', () => {
    fc.assert(
      fc.property(anyRecord, fc.constantFrom(...FORMATS), (fields, format) => {
        const event = eventOf(recordOf(fields, format));
        expect(Object.keys(event.ecs).every((ecs) => event.kind.ecsNames.includes(ecs))).toBe(true);
      }),
      RUNS,
    );
  });

  it('leaves the record as it was and keeps its text', () => {
    fc.assert(
      fc.property(anyRecord, (fields) => {
        const before = structuredClone(fields);
        const record = recordOf(fields);
        const event = eventOf(record);
        expect(event.ecs).toBe(event.ecs);
        expect(fields).toEqual(before);
        expect(event.text).toBe(record.text);
        expect(event.origin).toBe(record.origin);
      }),
      RUNS,
    );
  });

  it('loses no value', () => {
    fc.assert(
      fc.property(anyRecord, (fields) => {
        const kept = new Set(leaves(eventOf(recordOf(fields)).fields));
        for (const leaf of leaves(fields)) expect(kept).toContain(leaf);
      }),
      RUNS,
    );
  });

  it('gives the same kind object and the same answer each time', () => {
    fc.assert(
      fc.property(anyRecord, (fields) => {
        const [first, second] = [eventOf(recordOf(fields)), eventOf(recordOf(structuredClone(fields)))];
        expect(second.kind).toBe(first.kind);
        expect(second.time).toEqual(first.time);
        expect(second.fields).toEqual(first.fields);
      }),
      RUNS,
    );
  });

  it('gives the same answer once the shape of a record is known', () => {
    fc.assert(
      fc.property(anyRecord, fc.constantFrom(...FORMATS), (fields, format) => {
        const events = Array.from({ length: 5 }, () => eventOf(recordOf(structuredClone(fields), format)));
        const told = events.map(({ kind, time, fields: own, ecs }) => ({
          kind,
          time,
          own,
          ecs: Object.entries(ecs),
        }));
        expect(told[4]).toEqual(told[0]);
        expect(JSON.stringify(told[4])).toBe(JSON.stringify(told[0]));
      }),
      RUNS,
    );
  });

  it('reads any text as a time or as none', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[0-9A-Za-z :.,+/-]{0,40}$/));
    fc.assert(
      fc.property(text, (timestamp) => {
        const instant = parseTime(timestamp, 'auto', 'site', CONTEXT);
        if (instant === undefined) return;
        expect(Number.isSafeInteger(instant.epochMicros)).toBe(true);
        const again = parseTime(instant.iso, 'iso8601', 'utc', CONTEXT);
        expect(again?.epochMicros).toBe(instant.epochMicros);
      }),
      { ...RUNS, numRuns: 3000 },
    );
  });
});

/** Every key's path; objects entered, lists not. */
function pathsOf(fields: Fields, above: readonly string[] = []): string[][] {
  return Object.entries(fields).flatMap(([key, inner]) => {
    const path = [...above, key];
    const isObject = inner !== null && typeof inner === 'object' && !Array.isArray(inner);
    return isObject ? [path, ...pathsOf(inner as Fields, path)] : [path];
  });
}

function at(fields: Fields, path: readonly string[]): FieldValue | undefined {
  let item: FieldValue | undefined = fields;
  for (const key of path) item = (item as Fields)[key];
  return item;
}

function isScalar(item: FieldValue | undefined): boolean {
  return item !== null && typeof item !== 'object';
}

/** The deciding values as a reader of raw JSON gives them; undefined when the line takes the full path. */
function keyValues(fields: Fields, owns: ReadonlyMap<string, string[]>): (string | undefined)[] | undefined {
  const values: (string | undefined)[] = [];
  for (const key of classifier.keyNames) {
    const path = owns.get(key);
    const item = path === undefined ? undefined : at(fields, path);
    if (path !== undefined && !isScalar(item)) return undefined;
    values.push(item === undefined ? undefined : String(item));
  }
  return values;
}

describe('the classifier of JSON lines', () => {
  it('agrees with normalising, or does not know', () => {
    let known = 0;
    fc.assert(
      fc.property(anyRecord, (fields) => {
        const event = eventOf(recordOf(fields));
        const paths = pathsOf(fields);
        const dotted = paths.map((path) => path.map((key) => key.replace(/[.\\]/g, '\\$&')).join('.'));
        const layout = classifier.layoutOf(dotted);
        if (layout === undefined) return;
        const owns = new Map<string, string[]>();
        for (const path of paths) {
          const own = layout.ownName(path);
          if (own !== undefined) owns.set(own, path);
        }
        const values = keyValues(fields, owns);
        const kind = values === undefined ? undefined : classifier.kindOf(layout, values);
        if (kind === undefined) return;
        known++;
        expect(kind).toBe(event.kind);
        for (const [own, path] of owns) {
          const item = at(fields, path);
          if (isScalar(item)) expect([own, readOwn(event.fields, own)]).toEqual([own, item]);
        }
      }),
      { ...RUNS, numRuns: 3000 },
    );
    expect(known).toBeGreaterThan(1000);
  });
});

/** The value under a dotted own name, keys with dots included. */
function readOwn(fields: FieldValue | undefined, own: string): FieldValue | undefined {
  if (fields === null || typeof fields !== 'object') return undefined;
  if (Object.hasOwn(fields, own)) return (fields as Fields)[own];
  for (let dot = own.indexOf('.'); dot !== -1; dot = own.indexOf('.', dot + 1)) {
    const head = own.slice(0, dot);
    if (!Object.hasOwn(fields, head)) continue;
    const found = readOwn((fields as Fields)[head], own.slice(dot + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}
