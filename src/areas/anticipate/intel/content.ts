/** Reads what the site and we declare for threat intelligence: feeds, and warning lists (ours and imported ones). */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { load } from 'js-yaml';
import type { z } from 'zod';
import { Feed } from '../../../model/content/feed.ts';
import { WarningList } from '../../../model/content/warning-list.ts';
import type { Issue, WithIssues } from '../../../model/issue.ts';
import { messageOf, readYamlFiles, type TextFile } from '../../../platform/content.ts';

export interface IntelContent {
  readonly feeds: readonly Feed[];
  readonly warnings: readonly WarningList[];
}

/** Where imported warning lists are kept. */
export function warningsFolder(dataDirectory: string): string {
  return path.join(dataDirectory, 'intel', 'warnings');
}

/** Of each directory in order; the same id in a later one replaces the earlier. Imported warning lists come first. */
export function loadIntelContent(
  directories: readonly string[],
  dataDirectory: string,
): WithIssues<IntelContent> {
  const issues: Issue[] = [];
  const feeds = new Map<string, Feed>();
  const warnings = new Map<string, WarningList>();
  for (const list of importedLists(warningsFolder(dataDirectory), issues)) warnings.set(list.id, list);
  for (const folder of directories) {
    for (const list of all(WarningList, path.join(folder, 'warnings'), issues)) warnings.set(list.id, list);
    for (const feed of all(Feed, path.join(folder, 'feeds'), issues)) feeds.set(feed.id, feed);
  }
  return { value: { feeds: [...feeds.values()], warnings: [...warnings.values()] }, issues };
}

/** Imported lists are JSON: they are ours to write, and reading megabytes of YAML takes seconds. */
function importedLists(folder: string, issues: Issue[]): WarningList[] {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  return names.sort().flatMap((name) => {
    const file = path.join(folder, name);
    const list = parse(WarningList, { path: file, text: readFileSync(file, 'utf8') }, JSON.parse, issues);
    return list === undefined ? [] : [list];
  });
}

function all<T>(schema: z.ZodType<T>, folder: string, issues: Issue[]): T[] {
  return readYamlFiles(folder, issues).flatMap((file) => {
    const parsed = parse(schema, file, load, issues);
    return parsed === undefined ? [] : [parsed];
  });
}

function parse<T>(
  schema: z.ZodType<T>,
  file: TextFile,
  read: (text: string) => unknown,
  issues: Issue[],
): T | undefined {
  const invalid = (reason: string, pointer?: string): void => {
    const place = pointer === undefined ? { path: file.path } : { path: file.path, pointer };
    issues.push({ code: 'CONTENT_INVALID', place, params: { reason } });
  };
  try {
    const parsed = schema.safeParse(read(file.text));
    if (parsed.success) return parsed.data;
    for (const problem of parsed.error.issues) invalid(problem.message, problem.path.join('.'));
  } catch (error) {
    invalid(messageOf(error));
  }
  return undefined;
}
