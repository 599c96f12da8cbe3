/** The night's records as the files their products leave: EVTX from servers, the collector's JSON, XML, text logs. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { writeEvtx } from '../../codecs/index.ts';
import { fqdn, PIVOT } from './hospital.ts';
import type { Journal, TextLog } from './journal.ts';
import { eventXml, toIso, type WindowsEvent, winlogbeatLine, zeekHead } from './lines.ts';

export interface WrittenFile {
  /** Below the folder. */
  readonly path: string;
  readonly bytes: number;
}

/** Names ending in `.gz` are written compressed. */
const TEXT_FILES: readonly { readonly log: TextLog; readonly file: string }[] = [
  { log: 'fortigate', file: 'pare-feu/fortigate.log' },
  { log: 'samba', file: 'nas/audit-samba.log.gz' },
  { log: 'sshd', file: 'nas/auth.log' },
  { log: 'conn', file: 'zeek/conn.log' },
  { log: 'dns', file: 'zeek/dns.log' },
  { log: 'portal', file: 'portail/access.log' },
  { log: 'auditd', file: 'portail/audit.log' },
  { log: 'dicom', file: 'pacs/audit-dicom.log' },
];

export function writeNight(folder: string, journal: Journal): WrittenFile[] {
  return [...windowsFiles(journal), ...textFiles(journal)].map(([name, content]) => {
    const file = path.join(folder, name);
    const bytes = name.endsWith('.gz') ? gzipSync(content) : content;
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    return { path: name, bytes: Buffer.byteLength(bytes) };
  });
}

function textFiles(journal: Journal): [string, string][] {
  return TEXT_FILES.map(({ log, file }) => {
    const head = log === 'conn' || log === 'dns' ? zeekHead(log) : [];
    return [file, toText([...head, ...journal.lines(log)])];
  });
}

function toText(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}

interface Numbered {
  readonly event: WindowsEvent;
  readonly recordId: number;
}

/** Security and Sysmon of servers were copied from their disks, the first workstation was exported, the rest collected. */
function windowsFiles(journal: Journal): [string, string | Buffer][] {
  const byPlace = Map.groupBy(numbered(journal.windowsEvents()), ({ event }) => placeOf(event));
  return [...byPlace.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([place, events]) => [place, windowsFile(place, events)]);
}

function placeOf({ computer, channel }: WindowsEvent): string {
  if (computer === PIVOT.name) return `windows/${computer}.xml`;
  if (!computer.startsWith('SRV-') || channel === 'System') return 'windows/collecteur-winlogbeat.ndjson';
  return `windows/${computer}-${channel === 'Security' ? 'Security' : 'Sysmon'}.evtx`;
}

function windowsFile(place: string, events: readonly Numbered[]): string | Buffer {
  if (place.endsWith('.evtx')) return writeEvtx(events.map(toFields));
  if (place.endsWith('.ndjson')) return toText(events.map((one) => winlogbeatLine(one.event, one.recordId)));
  return `<Events>\n${toText(events.map((one) => eventXml(one.event, one.recordId)))}</Events>\n`;
}

function toFields({ event, recordId }: Numbered): Record<string, string | number> {
  return {
    Provider_Name: event.provider,
    EventID: event.id,
    Level: 4,
    TimeCreated: toIso(event.at),
    EventRecordID: recordId,
    Channel: event.channel,
    Computer: fqdn(event.computer),
    ...event.data,
  };
}

/** Numbers the records as Windows does: each channel of each machine by itself. */
function numbered(events: readonly WindowsEvent[]): Numbered[] {
  const last = new Map<string, number>();
  return events.map((event) => {
    const key = `${event.computer}\n${event.channel}`;
    const recordId = (last.get(key) ?? 0) + 1;
    last.set(key, recordId);
    return { event, recordId };
  });
}
