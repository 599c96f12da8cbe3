/**
 * Lines as a hospital's products send them, for load: those of our demo's night and of the cases of our sources. Each is
 * cut in two where a sequence number goes, so that every event can be counted in the store.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { load } from 'js-yaml';
import { generateDemo } from '../../src/areas/demo/index.ts';
import { SHIPPED_CONTENT } from '../../src/platform/content.ts';

/** Text before and after the number. */
export type Template = readonly [string, string];

export interface LoadLines {
  /** One list a sender: a product, and a relay that mixes all. */
  readonly syslog: readonly (readonly Template[])[];
  /** Windows events as Winlogbeat ships them. */
  readonly bulk: readonly Template[];
}

const DEMO_FILES = [
  'pare-feu/fortigate.log',
  'nas/auth.log',
  'pacs/audit-dicom.log',
  'portail/audit.log',
  'portail/access.log',
];
const BROWSER = 'Mozilla/5.0 (';

export function loadLines(): LoadLines {
  const folder = mkdtempSync(path.join(tmpdir(), 'vigie-load-'));
  try {
    generateDemo(folder, { seed: 7, endMicros: Date.parse('2026-11-25T07:00:00Z') * 1000 });
    const read = (name: string): string[] =>
      readFileSync(path.join(folder, name), 'utf8')
        .split('\n')
        .filter((line) => line !== '');
    return {
      syslog: [...DEMO_FILES.map((name) => read(name).map(lineTemplate)), caseLines().map(lineTemplate)],
      bulk: read('windows/collecteur-winlogbeat.ndjson').map((line) => [
        '{"vseq":"vseq=',
        `",${line.slice(1)}`,
      ]),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Where the number does least harm: in the browser's name, else at the end. */
function lineTemplate(line: string): Template {
  const at = line.indexOf(BROWSER);
  if (at === -1) return [`${line} vseq=`, ''];
  const cut = at + BROWSER.length;
  return [`${line.slice(0, cut)}vseq=`, `; ${line.slice(cut)}`];
}

/** The single-line samples of every source we know. */
function caseLines(): string[] {
  const sources = path.join(SHIPPED_CONTENT, 'sources');
  return readdirSync(sources, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => {
      const cases = load(readFileSync(path.join(sources, entry.name, 'cases.yml'), 'utf8')) as {
        line?: unknown;
      }[];
      return cases.flatMap(({ line }) => (typeof line === 'string' && !line.includes('\n') ? [line] : []));
    });
}
