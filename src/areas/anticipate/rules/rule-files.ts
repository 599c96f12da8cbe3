/** The rules a person names, read for somebody else to run: texts and placeholder values. Does not parse the rules. */
import type { Issue } from '../../../model/issue.ts';
import { readPlaceholders } from './placeholders.ts';
import { readRuleFiles } from './read-rule-files.ts';
import type { Placeholders } from './rule-pack.ts';

export interface RuleFilesRead {
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly placeholders: Placeholders | undefined;
  readonly issues: readonly Issue[];
}

/** @param targets directories, files or archives of Sigma rules */
export async function readRules(
  targets: readonly string[],
  placeholders: string | undefined,
): Promise<RuleFilesRead> {
  const issues: Issue[] = [];
  const files = [];
  for (const target of targets) {
    for (const { path, text } of await readRuleFiles(target, issues)) files.push({ path, text });
  }
  return { files, placeholders: readPlaceholders(placeholders, issues), issues };
}
