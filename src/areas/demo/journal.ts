/** Where the demo's records gather before they are written: per log, with their time, to be put in order. */
import type { WindowsEvent } from './lines.ts';

export type TextLog = 'fortigate' | 'samba' | 'portal' | 'dicom' | 'auditd' | 'conn' | 'dns' | 'sshd';

export interface Journal {
  windows(event: WindowsEvent): void;
  /** What a cleared log no longer holds: one machine's channel until `before`. */
  forget(log: Pick<WindowsEvent, 'computer' | 'channel'>, before: number): void;
  line(log: TextLog, at: number, text: string): void;
  /** In order of time; records of one moment keep the order they came in. */
  windowsEvents(): readonly WindowsEvent[];
  lines(log: TextLog): readonly string[];
}

export function createJournal(): Journal {
  let events: WindowsEvent[] = [];
  const texts = new Map<TextLog, { at: number; text: string }[]>();
  return {
    windows: (event) => void events.push(event),
    forget: ({ computer, channel }, before) => {
      events = events.filter(
        (event) => event.computer !== computer || event.channel !== channel || event.at >= before,
      );
    },
    line: (log, at, text) => {
      const list = texts.get(log) ?? [];
      list.push({ at, text });
      texts.set(log, list);
    },
    windowsEvents: () => events.toSorted((a, b) => a.at - b.at),
    lines: (log) => (texts.get(log) ?? []).toSorted((a, b) => a.at - b.at).map(({ text }) => text),
  };
}
