/** Event XML against EVTX: events decoded from real logs, written out as XML, must come back with the same fields. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { corpusDir } from '../../../test/corpus.ts';
import { decodeAll } from '../../../test/decode.ts';
import type { Fields, FieldValue } from '../../model/event.ts';
import { decodeEventXml } from './codec.ts';

const corpus = corpusDir();
if (corpus === undefined) process.stdout.write('event XML: no corpus, tests against real logs are skipped\n');

/** Element and attribute of the names of `System`. */
const IN_SYSTEM: Readonly<Record<string, readonly [string, string?]>> = {
  Provider_Name: ['Provider', 'Name'],
  Provider_Guid: ['Provider', 'Guid'],
  Provider_EventSourceName: ['Provider', 'EventSourceName'],
  EventID: ['EventID'],
  Qualifiers: ['EventID', 'Qualifiers'],
  Version: ['Version'],
  Level: ['Level'],
  Task: ['Task'],
  Opcode: ['Opcode'],
  Keywords: ['Keywords'],
  TimeCreated: ['TimeCreated', 'SystemTime'],
  EventRecordID: ['EventRecordID'],
  Correlation_ActivityID: ['Correlation', 'ActivityID'],
  Correlation_RelatedActivityID: ['Correlation', 'RelatedActivityID'],
  Execution_ProcessID: ['Execution', 'ProcessID'],
  Execution_ThreadID: ['Execution', 'ThreadID'],
  Channel: ['Channel'],
  Computer: ['Computer'],
  Security_UserID: ['Security', 'UserID'],
};

const MARKS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', "'": '&apos;' };
const written = (value: FieldValue): string =>
  String(value).replace(/[&<>']/g, (mark) => MARKS[mark] ?? mark);

function writeSystem(fields: Fields): string {
  const elements = new Map<string, { attributes: string; text: string }>();
  for (const [own, [element, attribute]] of Object.entries(IN_SYSTEM)) {
    const value = fields[own];
    if (value === undefined) continue;
    const known = elements.get(element) ?? { attributes: '', text: '' };
    if (attribute === undefined) known.text = written(value);
    else known.attributes += ` ${attribute}='${written(value)}'`;
    elements.set(element, known);
  }
  return [...elements]
    .map(([name, { attributes, text }]) => `<${name}${attributes}>${text}</${name}>`)
    .join('');
}

function writeData(name: string, value: FieldValue): string {
  if (Array.isArray(value)) return value.map((item: FieldValue) => writeData(name, item)).join('\r\n');
  const attribute = name === 'Data' ? '' : ` Name='${written(name.replace(/^EventData_/, ''))}'`;
  return value === null ? `<Data${attribute}/>` : `<Data${attribute}>${written(value)}</Data>`;
}

/** `EventData_Name` is the attribute of `EventData`. */
function writeEvent(fields: Fields): string {
  const { EventData_Name: name } = fields;
  const own = Object.entries(fields).filter(
    ([field]) => !Object.hasOwn(IN_SYSTEM, field) && field !== 'EventData_Name',
  );
  const data = own.map(([field, value]) => writeData(field, value)).join('\r\n  ');
  const section = name === undefined ? '<EventData>' : `<EventData Name='${written(name)}'>`;
  return `<Event xmlns='x'><System>${writeSystem(fields)}</System>\r\n${section}${data}</EventData></Event>`;
}

/** XML has no numbers or booleans, no list of nothing, and no element without a name (some cleaned logs have them). */
function asText(value: FieldValue): unknown {
  if (Array.isArray(value)) return value.map(asText);
  return value === null || typeof value === 'string' ? value : String(value);
}

function comparable(fields: Fields): Record<string, unknown> {
  const kept = Object.entries(fields).filter(
    ([name, value]) => name !== '' && (!Array.isArray(value) || value.length > 0),
  );
  return Object.fromEntries(kept.map(([name, value]) => [name, asText(value)]));
}

/** Lone surrogates, as damaged logs have, cannot be written in UTF-8. */
function isWritable({ fields }: { fields: Fields }): boolean {
  return fields.EventID !== undefined && Object.entries(fields).flat(2).map(String).join('').isWellFormed();
}

function withoutNameless(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name !== ''));
}

const evtxFiles = (root: string): string[] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.evtx'))
    .map((file) => path.join(root, file))
    .filter((file) => statSync(file).size < 2_000_000)
    .sort();

describe.skipIf(corpus === undefined)('event XML', () => {
  test('comes back with the fields of EVTX', () => {
    const files = evtxFiles(corpus ?? '').filter((_, index) => index % 3 === 0);
    expect(files.length).toBeGreaterThan(0);
    let compared = 0;
    const different: unknown[] = [];
    for (const file of files) {
      const { records } = decodeAll(readFileSync(file));
      const events = records.filter(isWritable);
      const texts = events.map((record) => writeEvent(withoutNameless(record.fields)));
      const back = decodeAll(`<?xml version="1.0"?><Events>${texts.join('\n')}</Events>`);
      if (back.issues.length > 0 || back.records.length !== events.length)
        different.push([file, back.issues]);
      for (const [index, { fields }] of events.entries()) {
        compared += 1;
        const wanted = comparable(fields);
        const found = comparable(back.records[index]?.fields ?? {});
        const alone = comparable(decodeEventXml(texts[index] ?? '') ?? {});
        for (const name of new Set([...Object.keys(wanted), ...Object.keys(found)])) {
          const isSame = JSON.stringify(found[name]) === JSON.stringify(wanted[name]);
          if (!isSame || JSON.stringify(alone[name]) !== JSON.stringify(wanted[name])) {
            different.push([file, index, name, wanted[name], found[name]]);
          }
        }
      }
    }
    process.stdout.write(`event XML: ${files.length} files, ${compared} events compared with EVTX\n`);
    expect(different.slice(0, 5)).toEqual([]);
  });

  test('ATNA audit messages in syslog are decoded, header and tree', () => {
    const { records, issues } = decodeAll(
      readFileSync(path.join(corpus ?? '', 'health/atna_syslog_example.txt')),
    );
    expect(issues).toEqual([]);
    expect(records.map((record) => record.format)).toEqual(['xml', 'xml']);
    for (const { fields } of records) {
      expect(fields).toMatchObject({
        AuditMessage: {
          EventIdentification: { '@EventActionCode': 'E', EventID: { '@codeSystemName': 'DCM' } },
          AuditSourceIdentification: { '@AuditSourceID': expect.any(String) },
        },
        syslog: { pri: 85, version: 1, hostname: expect.any(String) },
      });
    }
  });
});
