/** Reads the file of placeholder values for `expand`: YAML or JSON, a name with its value or values. Keeps nothing. */
import { load } from 'js-yaml';
import type { Issue } from '../../../model/issue.ts';
import { messageOf, readYamlFiles } from '../../../platform/content.ts';
import type { Placeholders } from './rule-pack.ts';

/** Undefined when none were asked for, or they cannot be read, which is said. */
export function readPlaceholders(file: string | undefined, issues: Issue[]): Placeholders | undefined {
  if (file === undefined) return undefined;
  const [text] = readYamlFiles(file, issues);
  if (text === undefined) return undefined;
  try {
    const data = load(text.text);
    if (typeof data === 'object' && data !== null && !Array.isArray(data)) {
      return Object.fromEntries(Object.entries(data).map(([name, values]) => [name, [values].flat()]));
    }
    issues.push(invalid(file, 'expected placeholder names with their values'));
  } catch (error) {
    issues.push(invalid(file, messageOf(error)));
  }
  return undefined;
}

function invalid(file: string, reason: string): Issue {
  return { code: 'CONTENT_INVALID', place: { path: file }, params: { reason } };
}

/** What is wrong with a file of placeholders, to be told before a hunt begins. */
export function placeholdersComplaint(file: string | undefined): Issue | undefined {
  const issues: Issue[] = [];
  readPlaceholders(file, issues);
  return issues[0];
}
