/** `rules check`: lints Sigma rules against the log sources that Vigie's content provides. Reads files, judges nothing. */
import path from 'node:path';
import type { LogSource } from '../../../model/event.ts';
import type { Issue } from '../../../model/issue.ts';
import { loadSourceContent, readYamlFiles, type TextFile } from '../../../platform/content.ts';
import { type LintReport, lintRules } from '../../../sigma/index.ts';
import { readRuleFiles } from './read-rule-files.ts';

export interface RulesCheck extends LintReport {
  /** What could not be read at all. */
  readonly unread: readonly Issue[];
  readonly files: number;
}

/** @param targets directories, files or archives; none means our own rules and the site's */
export async function checkRules(
  targets: readonly string[],
  content: readonly string[],
): Promise<RulesCheck> {
  const unread: Issue[] = [];
  const files: TextFile[] = [];
  if (targets.length === 0) {
    for (const directory of content) files.push(...readYamlFiles(path.join(directory, 'rules'), unread));
  }
  for (const target of targets) {
    const found = await readRuleFiles(target, unread);
    if (found.length === 0 && unread.length === 0) {
      unread.push({ code: 'CONTENT_INVALID', place: { path: target }, params: { reason: 'no .yml file' } });
    }
    files.push(...found);
  }
  const report = lintRules(files, { knownLogsources: providedLogsources(content) });
  return { ...report, unread, files: files.length };
}

function providedLogsources(content: readonly string[]): LogSource[] {
  const { sources } = loadSourceContent(content).value;
  return sources.flatMap((source) => [
    ...source.logsources,
    ...source.variants.flatMap((variant) => variant.logsources ?? []),
  ]) as LogSource[];
}
