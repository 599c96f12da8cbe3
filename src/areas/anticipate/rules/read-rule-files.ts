/** Reads the texts of Sigma rules from a directory, a file, or an archive as released. Does not parse them. */
import { statSync } from 'node:fs';
import type { Issue } from '../../../model/issue.ts';
import { readYamlFiles, type TextFile } from '../../../platform/content.ts';
import { isIssue, openEntry, walk } from '../../../platform/files/index.ts';

/** A directory or a YAML file is read at once; anything else (a ZIP, a tar) is unwrapped. */
export async function readRuleFiles(target: string, issues: Issue[]): Promise<TextFile[]> {
  const before = issues.length;
  const files = await readFiles(target, issues);
  if (files.length === 0 && issues.length === before)
    issues.push({ code: 'SIGMA_NO_FILE', place: { path: target } });
  return files;
}

async function readFiles(target: string, issues: Issue[]): Promise<TextFile[]> {
  if (isDirectory(target) || /\.ya?ml$/i.test(target)) return readYamlFiles(target, issues);
  const files: TextFile[] = [];
  for await (const item of walk([target])) {
    if (isIssue(item)) {
      issues.push(item);
      continue;
    }
    for await (const opened of openEntry(item, { onIssue: (issue) => issues.push(issue) })) {
      if (!/\.ya?ml$/i.test(opened.path)) continue;
      const chunks: Uint8Array[] = [];
      for await (const chunk of opened.chunks) chunks.push(chunk);
      files.push({ path: opened.path, text: Buffer.concat(chunks).toString('utf8') });
    }
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function isDirectory(target: string): boolean {
  return statSync(target, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
