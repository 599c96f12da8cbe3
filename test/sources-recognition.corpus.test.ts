/**
 * Real logs are recognised as what they are: Zeek's by their own source, vendors' syslog never by another vendor's.
 * A record told wrong is a defect; a record told only in general (`syslog`, `zeek`, `cef`) is not.
 */
import { Buffer } from 'node:buffer';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createDecoder } from '../src/codecs/index.ts';
import type { LogRecord } from '../src/model/event.ts';
import { corpusDir } from './corpus.ts';
import { shippedNormaliser } from './rule-runner.ts';

const CORPUS = corpusDir() ?? '';
const NORMALISER = shippedNormaliser();
const TIME = { siteZone: 'UTC', referenceMicros: Date.parse('2026-12-31T00:00:00Z') * 1000 };
/** Logs with a source of their own; the others are told as `zeek`. */
const OWN = new Set(
  'conn dce_rpc dhcp dns files ftp http intel kerberos ldap_search notice ntlm ntp rdp smb_files smb_mapping smtp software ssh ssl weird x509'.split(
    ' ',
  ),
);
/** Vendors' types of the corpus → the sources that may recognise them besides the general ones. */
const VENDORS: Readonly<Record<string, readonly string[]>> = {
  'cisco:asa': ['cisco-asa'],
  'cisco:ios': ['cisco-ios'],
  fgt_event: ['fortigate'],
  fgt_traffic: ['fortigate'],
  fgt_utm: ['fortigate'],
  'pan:traffic': ['paloalto'],
  'pan:threat': ['paloalto'],
  'pan:system': ['paloalto'],
  'pfsense:filterlog': ['pfsense-filterlog'],
};

function sourcesOf(bytes: Uint8Array, name: string): Map<string, number> {
  const found = new Map<string, number>();
  const record = (one: LogRecord): void => {
    const outcome = NORMALISER.normalise(one, TIME);
    const id = outcome.kind === 'ok' ? outcome.value.kind.sourceId : outcome.kind;
    found.set(id, (found.get(id) ?? 0) + 1);
  };
  const decoder = createDecoder({ path: name }, { record, issue: () => {} });
  decoder.push(bytes);
  decoder.end();
  return found;
}

function zeekFiles(): { file: string; log: string }[] {
  return ['zeek_zed/zeek-json', 'zeek_zed/zeek-default'].flatMap((folder) => {
    const directory = path.join(CORPUS, folder);
    if (!existsSync(directory)) return [];
    return readdirSync(directory)
      .filter((name) => name.endsWith('.gz'))
      .map((name) => ({ file: path.join(directory, name), log: name.split('.')[0] ?? '' }));
  });
}

describe.skipIf(CORPUS === '')('Zeek logs', () => {
  it.each(zeekFiles())('$file', ({ file, log }) => {
    const wanted = OWN.has(log) ? `zeek-${log.replaceAll('_', '-')}` : 'zeek';
    expect([...sourcesOf(gunzipSync(readFileSync(file)), file).keys()]).toEqual([wanted]);
  });
});

interface Template {
  readonly template: string;
  readonly expected_sourcetype: string | null;
}

const VALUES: Readonly<Record<string, string>> = {
  mark: '<134>',
  bsd: 'Nov 24 07:12:33',
  host: 'host-01',
  iso: '2026-11-24T07:12:33.250',
  iso_header: '2026-11-24T07:12:33.250',
  epoch: '1795504353',
  date: '2026-11-24',
  pid: '812',
};

function filled({ template, expected_sourcetype }: Template): string {
  const time = expected_sourcetype?.startsWith('fgt') ? '07:12:33' : '2026/11/24 07:12:33';
  const values: Readonly<Record<string, string>> = { ...VALUES, time, recv_time: time };
  const line = template.replace(/\{\{-?\s*(\w+)\s*-?\}\}/g, (_, name: string) => values[name] ?? 'x');
  return `${line.split('\n')[0] ?? ''}\n`;
}

describe.skipIf(CORPUS === '')('vendor syslog', () => {
  it('tells the known types as theirs', () => {
    const lines = readFileSync(path.join(CORPUS, 'parser_lines/sc4s.jsonl'), 'utf8').trim().split('\n');
    const wrong: string[] = [];
    let known = 0;
    for (const line of lines) {
      const template = JSON.parse(line) as Template;
      const wanted = VENDORS[template.expected_sourcetype ?? ''];
      if (wanted === undefined) continue;
      known++;
      const found = [...sourcesOf(Buffer.from(filled(template)), 'line').keys()];
      if (!found.every((id) => wanted.includes(id)))
        wrong.push(`${template.expected_sourcetype}: ${found.join()}`);
    }
    expect(known).toBeGreaterThan(20);
    expect(wrong).toEqual([]);
  });
});

describe.skipIf(CORPUS === '')('care', () => {
  it('tells Samba audit lines', () => {
    const file = path.join(CORPUS, 'health/samba_full_audit.txt');
    expect([...sourcesOf(readFileSync(file), file).keys()]).toEqual(['samba-full-audit']);
  });
});
