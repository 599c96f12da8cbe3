/**
 * Our own rules as the content tests and the lock command see them: the documents of each file, what they carry under
 * `vigie`, and their cases written out as records. It does not match anything.
 */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { CORE_SCHEMA, load, loadAll } from 'js-yaml';
import type { Repeat, RuleCase } from '../src/model/content/rule.ts';
import { readYamlFiles, SHIPPED_CONTENT } from '../src/platform/content.ts';

export const RULES_DIRECTORY = path.join(SHIPPED_CONTENT, 'rules');
export const LOCK_FILE = path.join(SHIPPED_CONTENT, 'lock.json');

export interface RuleFile {
  /** Relative to `content/rules`, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly documents: readonly Readonly<Record<string, unknown>>[];
}

/** Every rule file we ship, in the order of their paths. Throws on a file that is not YAML: the tests say so. */
export function readRuleFiles(): RuleFile[] {
  return readYamlFiles(RULES_DIRECTORY, []).map((file) => ({
    path: path.relative(RULES_DIRECTORY, file.path).replaceAll(path.sep, '/'),
    text: file.text,
    documents: loadAll(file.text, { schema: CORE_SCHEMA }) as Record<string, unknown>[],
  }));
}

/** The document that speaks to people: the first. */
export function mainDocument(file: RuleFile): Readonly<Record<string, unknown>> {
  return file.documents[0] ?? {};
}

export type CaseRecord = string | Readonly<Record<string, unknown>>;

/** The records of a case in order of arrival, repetitions written out. */
export function writtenOut(records: RuleCase['records']): CaseRecord[] {
  return records.flatMap((record) => (isRepeat(record) ? copies(record) : [record]));
}

function isRepeat(record: RuleCase['records'][number]): record is Repeat {
  return typeof record === 'object' && typeof record.repeat === 'number';
}

function copies(repeat: Repeat): CaseRecord[] {
  return Array.from({ length: repeat.repeat }, (_, index) => {
    const millis = Date.parse(repeat.start) + index * repeat.every * 1000;
    return filledIn(repeat.record, { n: String(index + 1), millis }) as CaseRecord;
  });
}

interface Copy {
  readonly n: string;
  readonly millis: number;
}

function filledIn(value: unknown, copy: Copy): unknown {
  if (typeof value === 'string') return filledText(value, copy);
  if (Array.isArray(value)) return value.map((item) => filledIn(item, copy));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, filledIn(item, copy)]));
}

/** `{epoch}` standing alone becomes a number, as JSON sources write it. */
function filledText(text: string, copy: Copy): string | number {
  if (text === '{epoch}') return copy.millis / 1000;
  return text.replace(/\{(n|iso|epoch|nanos|clf)\}/g, (_, what: string) => {
    if (what === 'n') return copy.n;
    if (what === 'iso') return new Date(copy.millis).toISOString();
    if (what === 'epoch') return (copy.millis / 1000).toFixed(6);
    if (what === 'nanos') return `${copy.millis}000000`;
    return commonLogTime(copy.millis);
  });
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function commonLogTime(millis: number): string {
  const [date = '', time = ''] = new Date(millis).toISOString().split(/[T.]/);
  const [year, month, day] = date.split('-');
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${time} +0000`;
}

export interface Locked {
  readonly file: string;
  readonly version: number;
  readonly sha256: string;
}

export type Lock = Readonly<Record<string, Locked>>;

/** id → version and hash of what the rule detects and says. Cases and dates may change without a new version. */
export function lockOf(files: readonly RuleFile[]): Lock {
  const entries = files.map((file): [string, Locked] => {
    const main = mainDocument(file);
    const { version, cases, ...said } = main.vigie as Record<string, unknown>;
    const meant = [{ ...main, vigie: said }, ...file.documents.slice(1)].map(
      ({ date, modified, ...rest }: Record<string, unknown>) => rest,
    );
    const sha256 = createHash('sha256').update(canonical(meant)).digest('hex');
    return [String(main.id), { file: file.path, version: Number(version), sha256 }];
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The behaviours' part of the lock: all but the version and the cases. */
export function behaviourLock(): Lock {
  const folder = path.join(SHIPPED_CONTENT, 'behaviours');
  const entries = readYamlFiles(folder, []).map((file): [string, Locked] => {
    const { version, cases, ...meant } = load(file.text, { schema: CORE_SCHEMA }) as Record<string, unknown>;
    const sha256 = createHash('sha256').update(canonical(meant)).digest('hex');
    const name = `behaviours/${path.relative(folder, file.path).replaceAll(path.sep, '/')}`;
    return [String(meant.id), { file: name, version: Number(version), sha256 }];
  });
  return Object.fromEntries(entries);
}

/** Rules whose content changed while their version did not, and versions that fell. */
export function unversionedChanges(before: Lock, after: Lock): string[] {
  return Object.entries(after).flatMap(([id, now]) => {
    const was = before[id];
    if (was === undefined || now.version > was.version) return [];
    if (now.version === was.version && now.sha256 === was.sha256) return [];
    return [`${now.file}: changed, but its version is not above ${was.version}`];
  });
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    item !== null && typeof item === 'object' && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}
