/**
 * `npm run content:lock`: writes `content/lock.json` anew from the rules and behaviours. A rule that changed without a new version is
 * named and nothing is written. It never changes a rule.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import {
  behaviourLock,
  LOCK_FILE,
  type Lock,
  lockOf,
  readRuleFiles,
  unversionedChanges,
} from './rule-content.ts';

const before = existsSync(LOCK_FILE) ? (JSON.parse(readFileSync(LOCK_FILE, 'utf8')) as Lock) : {};
const after = { ...lockOf(readRuleFiles()), ...behaviourLock() };
const refused = unversionedChanges(before, after);
if (refused.length > 0) {
  process.stderr.write(
    `${refused.join('\n')}\nraise the version of these rules (vigie.version) and behaviours, then run this again\n`,
  );
  process.exitCode = 1;
} else {
  writeFileSync(LOCK_FILE, `${JSON.stringify(after, null, 2)}\n`);
  process.stdout.write(`${LOCK_FILE}: ${Object.keys(after).length} rules and behaviours\n`);
}
