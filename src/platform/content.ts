/**
 * Reads content folders (`content/` and a site's overlay of the same shape) into plain data. Loading content can
 * never run code: only YAML is read, and every document is checked against its schema. One bad file never stops the
 * others. What the content means is not decided here.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { load } from 'js-yaml';
import type { z } from 'zod';
import { Envelope, Source } from '../model/content/source.ts';
import type { Issue, WithIssues } from '../model/issue.ts';

/** Largest content file read, in bytes. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;

export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** The shipped content directory. */
export const SHIPPED_CONTENT = path.resolve(import.meta.dirname, '../../content');

export interface SourceContent {
  readonly sources: readonly Source[];
  readonly envelopes: readonly Envelope[];
}

/** Sources and envelopes of every directory in order; the same id in a later directory replaces the earlier one. */
export function loadSourceContent(directories: readonly string[]): WithIssues<SourceContent> {
  const issues: Issue[] = [];
  const sources = new Map<string, Source>();
  const envelopes = new Map<string, Envelope>();
  for (const directory of directories) {
    for (const file of sourceFiles(path.join(directory, 'sources'), issues)) {
      const source = parseAs(Source, file, issues);
      if (source !== undefined) sources.set(source.id, source);
    }
    for (const file of readYamlFiles(path.join(directory, 'envelopes'), issues)) {
      const envelope = parseAs(Envelope, file, issues);
      if (envelope !== undefined) envelopes.set(envelope.id, envelope);
    }
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
  return readdirSync(target, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.ya?ml$/i.test(file))
    .sort()
    .map((file) => path.join(target, file))
    .flatMap((file) => readText(file, issues));
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
    issues.push({ code: 'FILES_UNREADABLE', place: { path: file }, params: { reason: messageOf(error) } });
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
