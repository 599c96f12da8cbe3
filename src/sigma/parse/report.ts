/**
 * Collects what is wrong with one document. `refuse` means the rule is not loaded; `warn` means it is loaded all the
 * same and does what the text of the issue says. Places carry a line, found only when there is something to report.
 */
import type { Issue, IssueCode, Place } from '../../model/issue.ts';
import type { Path, YamlDocument } from './yaml.ts';

export type Params = Readonly<Record<string, string | number>>;

export interface Report {
  readonly path: string;
  refuse(code: IssueCode, path: Path, params?: Params): void;
  warn(code: IssueCode, path: Path, params?: Params): void;
  /** The place of a value without its line: cheap, for the syntax tree. */
  place(path: Path): Place;
  readonly refusals: readonly Issue[];
  readonly warnings: readonly Issue[];
}

/** Enough to mend a rule; a hostile one does not fill the screen. */
const MOST_ISSUES = 50;

export function createReport(filePath: string, document: YamlDocument): Report {
  const refusals: Issue[] = [];
  const warnings: Issue[] = [];
  function add(list: Issue[], code: IssueCode, path: Path, params?: Params): void {
    if (list.length >= MOST_ISSUES) return;
    const place = { path: filePath, ...document.locate(path), ...pointerOf(path) };
    list.push(params === undefined ? { code, place } : { code, place, params });
  }
  return {
    path: filePath,
    refuse: (code, path, params) => add(refusals, code, path, params),
    warn: (code, path, params) => add(warnings, code, path, params),
    place: (path) => ({ path: filePath, ...pointerOf(path) }),
    refusals,
    warnings,
  };
}

function pointerOf(path: Path): { pointer?: string } {
  return path.length === 0 ? {} : { pointer: path.join('.') };
}

/** A reason in both languages, as parameters of an issue. */
export function because(en: string, fr: string): Params {
  return { reason: en, reasonFr: fr };
}

/** What was expected in both languages, as parameters of an issue. */
export function expected(en: string, fr: string): Params {
  return { expected: en, expectedFr: fr };
}

/** A value cut for a message. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
