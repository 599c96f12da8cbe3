/** Writes the demo: one night of an invented hospital, with an intrusion in it, as the files its products would leave. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { createJournal, type Journal } from './journal.ts';
import { eventXml, type WindowsEvent, winlogbeatLine, zeekHead } from './lines.ts';
import type { Night } from './night.ts';
import { writeOrdinaryNight } from './ordinary.ts';
import { createChance } from './random.ts';
import { type StoryStep, writeStory } from './story.ts';

const NIGHT_HOURS = 14;

export interface Demo {
  /** What was written, below the folder, with its size in bytes. */
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  readonly story: readonly StoryStep[];
}

export interface DemoOptions {
  readonly seed: number;
  /** When the logs end, microseconds since 1970. */
  readonly endMicros: number;
  /** Leaves the intrusion out: a night on which nothing happens. */
  readonly quiet?: boolean;
}

/**
 * Fills `folder` (made if missing) with the logs of the fourteen hours before the end. The same options give the same
 * bytes.
 * @throws Error of node:fs when the folder cannot be written.
 */
export function generateDemo(folder: string, options: DemoOptions): Demo {
  const journal = createJournal();
  const endAt = Math.floor(options.endMicros / 1000);
  const startAt = endAt - NIGHT_HOURS * 3_600_000;
  const night: Night = { startAt, endAt, chance: createChance(options.seed), journal };
  writeOrdinaryNight(night);
  const story = options.quiet === true ? [] : writeStory(night);
  return { files: writeFiles(folder, journal), story };
}

function writeFiles(folder: string, journal: Journal): Demo['files'] {
  const files: { path: string; bytes: number }[] = [];
  const put = (name: string, content: string | Buffer): void => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
    files.push({ path: name, bytes: Buffer.byteLength(content) });
  };
  const text = (lines: readonly string[]): string => `${lines.join('\n')}\n`;
  const events = journal.windowsEvents();
  const isPivot = (event: WindowsEvent): boolean => event.computer === 'PC-RADIO-14';
  put(
    'windows/collecteur-winlogbeat.ndjson',
    text(
      numbered(
        events.filter((event) => !isPivot(event)),
        winlogbeatLine,
      ),
    ),
  );
  put('windows/PC-RADIO-14.xml', `<Events>\n${text(numbered(events.filter(isPivot), eventXml))}</Events>\n`);
  put('pare-feu/fortigate.log', text(journal.lines('fortigate')));
  put('nas/audit-samba.log.gz', gzipSync(text(journal.lines('samba'))));
  put('zeek/conn.log', text([...zeekHead('conn'), ...journal.lines('conn')]));
  put('zeek/dns.log', text([...zeekHead('dns'), ...journal.lines('dns')]));
  put('portail/access.log', text(journal.lines('portal')));
  put('portail/audit.log', text(journal.lines('auditd')));
  put('pacs/audit-dicom.log', text(journal.lines('dicom')));
  return files;
}

/** Numbers the records as Windows does: each channel of each machine by itself. */
function numbered(
  events: readonly WindowsEvent[],
  write: (event: WindowsEvent, recordId: number) => string,
): string[] {
  const last = new Map<string, number>();
  return events.map((event) => {
    const key = `${event.computer}\n${event.channel}`;
    const next = (last.get(key) ?? 0) + 1;
    last.set(key, next);
    return write(event, next);
  });
}
