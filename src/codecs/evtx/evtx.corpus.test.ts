import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { EvtxFile, setLogger } from '@ts-evtx/core';
import { describe, expect, it } from 'vitest';
import { corpusDir } from '../../../test/corpus.ts';
import type { FieldValue, LogRecord } from '../../model/event.ts';
import { decodeEventXml } from '../event-xml/codec.ts';
import { codesOf, decodeAll, edited } from './testing/decode.ts';

const corpus = corpusDir();

function filesBelow(folder: string, extension: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(extension))
    .sort()
    .map((file) => path.join(folder, file));
}

const live = (records: readonly LogRecord[]): LogRecord[] =>
  records.filter((record) => record.recovered !== true);

describe.skipIf(corpus === undefined)('EVTX corpus', () => {
  const root = corpus ?? '';
  // The body runs where there is no corpus too.
  const files = corpus === undefined ? [] : filesBelow(path.join(root, 'evtx'), '.evtx');
  const find = (name: string): string => files.find((file) => file.endsWith(name)) ?? '';

  it('reads every file, with and without layouts alike, whatever the slicing', () => {
    let records = 0;
    let recovered = 0;
    for (const file of files) {
      const bytes = readFileSync(file);
      const whole = decodeAll(bytes);
      expect(decodeAll(bytes, { usesLayouts: false }).records, file).toEqual(whole.records);
      expect(decodeAll(bytes, {}, 50_001), file).toEqual(whole);
      records += live(whole.records).length;
      recovered += whole.records.length - live(whole.records).length;
      for (const { code } of whole.issues) expect(code).toMatch(/^EVTX_|^CODEC_MORE_OF_THE_SAME$/);
    }
    expect(files).toHaveLength(314);
    expect(records).toBe(27_643);
    expect(recovered).toBeGreaterThan(2000);
  });

  it.each([
    // file, live records, least recovered, issues
    ['sample_with_a_bad_chunk_magic.evtx', 267, 160, ['EVTX_CHUNK_MAGIC', 'EVTX_RECORD_SIZE']],
    ['sample-with-zero-data-size-event.evtx', 335, 100, ['EVTX_RECORD_SIZE']],
    ['Application_no_crc32.evtx', 17, 11, []],
    ['security_bad_string_cache.evtx', 2261, 0, ['EVTX_CHECKSUM']],
    ['sample-with-irregular-bool-values.evtx', 3028, 0, ['EVTX_DIRTY']],
    ['2-vss_0-Microsoft-Windows-RemoteDesktopServices-RdpCoreTS%4Operational.evtx', 1910, 70, ['EVTX_GAP']],
    ['dns_log_malformed.evtx', 5, 0, []],
  ] as const)('handles %s', (name, records, recovered, codes) => {
    const result = decodeAll(readFileSync(find(name)));
    expect(live(result.records)).toHaveLength(records);
    expect(result.records.length - records).toBeGreaterThanOrEqual(recovered);
    for (const code of codes) expect(codesOf(result)).toContain(code);
  });

  it('agrees with the JSON beside the captures of the Sigma regression tests', () => {
    const folder = path.join(root, 'sigma', 'regression_data');
    let compared = 0;
    for (const file of filesBelow(folder, '.json')) {
      const relative = path.relative(path.join(root, 'sigma'), file).replace(/\.json$/, '.evtx');
      const evtx = files.find((candidate) => candidate.endsWith(relative));
      if (evtx === undefined) continue;
      const theirs = parseFirst(readFileSync(file, 'utf8'));
      const id = theirs.Event.System.EventRecordID;
      const ours = live(decodeAll(readFileSync(evtx)).records).find(
        (record) => record.fields.EventRecordID === id,
      );
      expect(ours, file).toBeDefined();
      expect(withoutBraces(dataOf(ours?.fields ?? {})), file).toEqual(theirData(theirs.Event));
      expect(ours?.fields.EventID).toBe(theirs.Event.System.EventID);
      expect(ours?.fields.Keywords).toBe(theirs.Event.System.Keywords);
      expect(ours?.fields.Computer).toBe(theirs.Event.System.Computer);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(110);
  });

  it('agrees with the other reader wherever that one reads values rightly', () => {
    const result = compareWithOther(files);
    // Three records of shadow copies that newer ones overwrite in part: we report gaps, it renders nonsense.
    expect(result.missing).toHaveLength(3);
    expect(result.compared).toBeGreaterThan(400_000);
    expect(result.unexplained.slice(0, 20)).toEqual([]);
  });

  it('never throws on changed corpus files', () => {
    let state = 20261124;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    for (let run = 0; run < 200; run++) {
      const bytes = readFileSync(files[random(files.length)] as string).subarray(0, 4096 + 3 * 65_536);
      const bad = edited(bytes, (copy) => {
        for (let change = 0; change < 200; change++) copy[4096 + random(20_000)] = random(256);
      });
      const result = decodeAll(bad);
      expect(decodeAll(bad, {}, 70_000)).toEqual(result);
    }
  });
});

/** Some hold one document per line, or one after the other. */
function parseFirst(text: string): { Event: JsonEvent } {
  const end = text.search(/\n\}\s*\n/);
  try {
    return JSON.parse(text);
  } catch {
    return JSON.parse(end === -1 ? (text.split('\n')[0] ?? '') : text.slice(0, end + 2));
  }
}

interface JsonEvent {
  readonly System: Readonly<Record<string, unknown>>;
  readonly EventData?: Readonly<Record<string, unknown>> | null;
}

/** The fields of EventData: what `System` has not. */
const SYSTEM =
  /^(Provider_|EventID$|Qualifiers$|Version$|Level$|Task$|Opcode$|Keywords$|TimeCreated$|EventRecordID$|Correlation_|Execution_|Channel$|Computer$|Security_|EventData_Name$)/;

function dataOf(fields: LogRecord['fields']): Record<string, FieldValue> {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => !SYSTEM.test(name))
      .map(([name, value]) => [name.replace(/^EventData_/, ''), value]),
  );
}

/** Their JSON writes GUIDs without braces, FILETIMEs with six decimals, trims texts, and differs in case in places. */
function withoutBraces(fields: Record<string, FieldValue>): Record<string, FieldValue> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, plainValue(value)]));
}

function plainValue(value: unknown): FieldValue {
  if (typeof value !== 'string') return value as FieldValue;
  return value
    .trim()
    .toUpperCase()
    .replace(/^\{([0-9A-F-]{36})\}$/, '$1')
    .replace(/(\.\d{6})\dZ$/, '$1Z');
}

function theirData(event: JsonEvent): Record<string, FieldValue> {
  return Object.fromEntries(
    Object.entries(event.EventData ?? {})
      .filter(([name]) => name !== '#attributes')
      .map(([name, value]) => [name, plainValue(value)]),
  );
}

interface Comparison {
  readonly missing: string[];
  readonly unexplained: string[];
  compared: number;
}

function compareWithOther(files: readonly string[]): Comparison {
  silenceOther();
  const result: Comparison = { missing: [], unexplained: [], compared: 0 };
  for (const file of files) {
    const bytes = readFileSync(file);
    const ours = new Map(
      decodeAll(bytes).records.map((record) => [bytes.readBigUInt64LE(record.origin.offset + 8), record]),
    );
    for (const record of otherRecords(bytes)) {
      const mine = ours.get(record.recordNum());
      if (mine === undefined) result.missing.push(`${file} ${record.recordNum()}`);
      else
        compareRecord(
          `${path.basename(file)} ${record.recordNum()}`,
          mine,
          decodeEventXml(record.renderXml()),
          result,
        );
    }
  }
  return result;
}

function* otherRecords(bytes: Buffer): Generator<{ recordNum(): bigint; renderXml(): string }> {
  let file: EvtxFile;
  try {
    file = new EvtxFile(bytes);
  } catch {
    // The one file it refuses has no checksums.
    return;
  }
  yield* file.records();
}

/** The other reader reports each oddity on standard output. */
function silenceOther(): void {
  const nothing = (): void => undefined;
  const quiet = {
    trace: nothing,
    debug: nothing,
    info: nothing,
    warn: nothing,
    error: nothing,
    child: () => quiet,
  };
  setLogger(quiet as Parameters<typeof setLogger>[0]);
}

function compareRecord(
  where: string,
  mine: LogRecord,
  theirs: LogRecord['fields'] | undefined,
  result: Comparison,
): void {
  // It renders forwarded events, which have no template, as `<Event/>`, and some values as XML that does not parse.
  if (theirs === undefined || Object.keys(theirs).length === 0) return;
  // It takes one byte for a boolean, which has four: every value after one is shifted.
  const hasBoolean = Object.values(mine.fields).some((value) => typeof value === 'boolean');
  for (const name of new Set([...Object.keys(mine.fields), ...Object.keys(theirs)])) {
    result.compared += 1;
    const [a, b] = [asText(mine.fields[name]), asText(theirs[name])];
    if (a !== b && !hasBoolean && !isExplained(name, a, b))
      result.unexplained.push(`${where} ${name}: ${a} | ${b}`);
  }
}

function asText(value: FieldValue | undefined): string {
  if (value === undefined || value === null) return '';
  return Array.isArray(value) ? value.map(asText).join(', ') : String(value);
}

/** How the two render differently, and what the other one gets wrong. */
function isExplained(name: string, ours: string, theirs: string): boolean {
  return (
    // It rounds times to milliseconds.
    /\.\d{3}Z$/.test(theirs) ||
    // It loses names and values of BinXml that stands there without a template.
    name.includes('Unknown') ||
    theirs === '' ||
    // Pointers: Windows writes them in hexadecimal.
    (/^0x[0-9a-f]+$/.test(ours) && theirs === String(BigInt(ours))) ||
    bare(ours) === bare(theirs)
  );
}

/**
 * Without what it changes: white space inside values (from laying its XML out), characters that XML has not, empty
 * items at the end of a list, and the leading zero of binary data.
 */
function bare(text: string): string {
  return text
    .replace(/[^\x21-\x7e]+/g, '')
    .replace(/,+$/, '')
    .replace(/^0(?=\d$)/, '');
}
