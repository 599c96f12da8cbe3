/**
 * Reads content folders (`content/` and a site's overlay of the same shape) into plain data. Loading content can
 * never run code: only YAML is read, and every document is checked against its schema. One bad file never stops the
 * others. What the content means is not decided here.
 */
import { type Dirent, existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { load } from 'js-yaml';
import type { z } from 'zod';
import { Envelope, Source } from '../model/content/source.ts';
import type { Issue, WithIssues } from '../model/issue.ts';
import { type Cache, cacheKey, codeParts, NO_CACHE } from './cache.ts';
import { whyUnread } from './files/walk.ts';

/** Largest content file read, in bytes. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;

export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** The shipped content directory. */
export const SHIPPED_CONTENT = path.resolve(import.meta.dirname, '../../content');

/** The shipped content, then a site's own. */
export function contentOf(overlay: string | undefined): string[] {
  return overlay === undefined ? [SHIPPED_CONTENT] : [SHIPPED_CONTENT, overlay];
}

export interface SourceContent {
  readonly sources: readonly Source[];
  readonly envelopes: readonly Envelope[];
}

/**
 * Sources and envelopes of every directory in order; the same id in a later directory replaces the earlier one.
 * @param cache where what was made of the same texts by the same code may be
 */
export function loadSourceContent(
  directories: readonly string[],
  cache: Cache = NO_CACHE,
): WithIssues<SourceContent> {
  const issues: Issue[] = [];
  const texts: ContentTexts = {
    sources: directories.flatMap((directory) => sourceFiles(path.join(directory, 'sources'), issues)),
    envelopes: directories.flatMap((directory) => readYamlFiles(path.join(directory, 'envelopes'), issues)),
  };
  if (cache === NO_CACHE) return parseContent(texts, issues);
  const files = [...texts.sources, ...texts.envelopes].flatMap((file) => [file.path, file.text]);
  const key = cacheKey([...codeParts([import.meta.dirname, MODEL]), ...files]);
  const kept = cache.get(key);
  if (kept !== undefined) {
    const content: WithIssues<SourceContent> = deserialize(kept);
    return { value: content.value, issues: [...issues, ...content.issues] };
  }
  const content = parseContent(texts, []);
  cache.put(key, serialize(content));
  return { value: content.value, issues: [...issues, ...content.issues] };
}

const MODEL = path.resolve(import.meta.dirname, '../model');

interface ContentTexts {
  readonly sources: readonly TextFile[];
  readonly envelopes: readonly TextFile[];
}

function parseContent(texts: ContentTexts, issues: Issue[]): WithIssues<SourceContent> {
  const sources = new Map<string, Source>();
  const envelopes = new Map<string, Envelope>();
  for (const file of texts.sources) {
    const source = parseAs(Source, file, issues);
    if (source !== undefined) sources.set(source.id, source);
  }
  for (const file of texts.envelopes) {
    const envelope = parseAs(Envelope, file, issues);
    if (envelope !== undefined) envelopes.set(envelope.id, envelope);
  }
  return { value: { sources: [...sources.values()], envelopes: [...envelopes.values()] }, issues };
}

function sourceFiles(directory: string, issues: Issue[]): TextFile[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((entry) => path.join(directory, entry.name, 'source.yml'))
    .filter((file) => existsSync(file))
    .flatMap((file) => readText(file, issues));
}

/** Every `.yml`/`.yaml` file below a directory (or that one file), sorted by path; unreadable ones are issues. */
export function readYamlFiles(target: string, issues: Issue[]): TextFile[] {
  if (!existsSync(target)) return [];
  if (!statSync(target).isDirectory()) return readText(target, issues);
  return yamlBelow(target).flatMap((file) => readText(file, issues));
}

function yamlBelow(directory: string): string[] {
  const files: string[] = [];
  function visit(folder: string): void {
    for (const entry of readdirSync(path.join(directory, folder), { withFileTypes: true })) {
      const name = folder === '' ? entry.name : `${folder}${path.sep}${entry.name}`;
      if (isFolder(entry, path.join(directory, name))) visit(name);
      else if (/\.ya?ml$/i.test(name)) files.push(name);
    }
  }
  visit('');
  return files.sort().map((file) => path.join(directory, file));
}

/** Links to folders are followed, but not to one that holds the link. */
function isFolder(entry: Dirent, file: string): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  if (!statSync(file, { throwIfNoEntry: false })?.isDirectory()) return false;
  const holder = `${realpathSync(path.dirname(file))}${path.sep}`;
  return !holder.startsWith(`${realpathSync(file)}${path.sep}`);
}

/**
 * What tells whether `readYamlFiles` would read the same again, without reading: each file's path, size, times and
 * number. Writing a file changes its times, putting another in its place its number.
 */
export function stampsOfYamlFiles(target: string): string[] {
  const found = statSync(target, { throwIfNoEntry: false });
  return (found?.isDirectory() ? yamlBelow(target) : [target]).map(stampOf);
}

function stampOf(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) return `${file} is not there`;
  const { size, mtimeMs, ctimeMs, ino } = stats;
  return `${file} ${size} ${mtimeMs} ${ctimeMs} ${ino}`;
}

function readText(file: string, issues: Issue[]): TextFile[] {
  try {
    const { size } = statSync(file);
    if (size > MAX_FILE_BYTES) {
      const reason = `larger than ${MAX_FILE_BYTES} bytes`;
      issues.push({ code: 'CONTENT_INVALID', place: { path: file }, params: { reason } });
      return [];
    }
    return [{ path: file, text: readFileSync(file, 'utf8') }];
  } catch (error) {
    issues.push({ code: 'FILES_UNREADABLE', place: { path: file }, params: whyUnread(error) });
    return [];
  }
}

function parseAs<T>(schema: z.ZodType<T>, file: TextFile, issues: Issue[]): T | undefined {
  try {
    const parsed = schema.safeParse(load(file.text, { filename: file.path }));
    if (parsed.success) return parsed.data;
    for (const problem of parsed.error.issues) {
      const place = { path: file.path, pointer: problem.path.join('.') };
      issues.push({ code: 'CONTENT_INVALID', place, params: { reason: problem.message } });
    }
  } catch (error) {
    issues.push({
      code: 'CONTENT_INVALID',
      place: { path: file.path },
      params: { reason: messageOf(error) },
    });
  }
  return undefined;
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The valid documents of a folder, each with the file it stands in; the others are issues. */
export function readContentFolder<T>(
  schema: z.ZodType<T>,
  folder: string,
  issues: Issue[],
): { readonly path: string; readonly value: T }[] {
  return readYamlFiles(folder, issues).flatMap((file) => {
    const value = parseAs(schema, file, issues);
    return value === undefined ? [] : [{ path: file.path, value }];
  });
}
