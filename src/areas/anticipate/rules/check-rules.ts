/** `rules check`: lints Sigma rules against the log sources that Vigie's content provides. Reads files, judges nothing. */
import path from 'node:path';
import type { LogSource } from '../../../model/event.ts';
import type { Issue } from '../../../model/issue.ts';
import { loadSourceContent, readYamlFiles } from '../../../platform/content.ts';
import { type LintReport, lintRules, type RuleFile } from '../../../sigma/index.ts';
import { readPlaceholders } from './placeholders.ts';
import { readRuleFiles } from './read-rule-files.ts';

export interface RulesCheck extends LintReport {
  /** What could not be read at all. */
  readonly unread: readonly Issue[];
  readonly files: number;
}

export interface RulesToCheck {
  /** Directories, files or archives; none means our own rules and the site's. */
  readonly targets: readonly string[];
  readonly content: readonly string[];
  readonly placeholders: string | undefined;
}

export async function checkRules({ targets, content, placeholders }: RulesToCheck): Promise<RulesCheck> {
  const unread: Issue[] = [];
  const files: RuleFile[] = [];
  if (targets.length === 0) {
    for (const [layer, directory] of content.entries())
      files.push(...readYamlFiles(path.join(directory, 'rules'), unread).map((file) => ({ ...file, layer })));
  }
  for (const target of targets) {
    files.push(...(await readRuleFiles(target, unread)));
  }
  const values = readPlaceholders(placeholders, unread);
  const report = lintRules(files, {
    knownLogsources: providedLogsources(content),
    ...(values === undefined ? {} : { placeholders: values }),
  });
  return { ...report, unread, files: files.length };
}

function providedLogsources(content: readonly string[]): LogSource[] {
  const { sources } = loadSourceContent(content).value;
  return sources.flatMap((source) => [
    ...source.logsources,
    ...source.variants.flatMap((variant) => variant.logsources ?? []),
  ]) as LogSource[];
}
