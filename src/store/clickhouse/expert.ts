/**
 * SQL typed by an expert, over the `v_*` views only, read-only and bounded. Three walls, since a read-only session alone
 * still writes files (`INTO OUTFILE`) and reads them (`file('/etc/passwd')`):
 *
 * 1. no semicolon at all, so that it is one statement;
 * 2. the engine's own syntax tree (`EXPLAIN AST`) must be a plain SELECT over views, with no table function but
 *    `numbers` and none of the functions that reach outside;
 * 3. it runs in a session that the engine holds read-only, with its bounds set before.
 */
import { StoreError } from '../../model/live/event-store.ts';
import type { SqlAnswer } from '../../model/search.ts';
import { type Engine, EXPERT_BOUNDS } from './engine.ts';
import { toStoreError } from './errors.ts';

const MAX_SQL_CHARACTERS = 65_536;
const TABLE_FUNCTIONS = new Set(['numbers', 'generate_series', 'generateseries', 'values']);
const REACHES_OUTSIDE =
  /^(file|url|s3|gcs|hdfs|azure|dict|joinget|catboost|executable|python|remote|cluster|sleep|getserversetting|filesystem|addressto|trap)/i;

/** @throws StoreError saying which wall was hit */
export async function askExpert(engine: Engine, text: string): Promise<SqlAnswer> {
  const sql = text.trim().replace(/;$/, '');
  if (sql.length > MAX_SQL_CHARACTERS) throw refused(`longer than ${MAX_SQL_CHARACTERS} characters`);
  if (sql.includes(';')) throw refused('one statement only; write char(59) for a semicolon inside a text');
  try {
    const tree = await engine.readOnly(`EXPLAIN AST ${sql}`);
    const complaint = complaintOf(
      tree.rows.map((row) => String(row[0])),
      sql,
    );
    if (complaint !== undefined) throw refused(complaint);
    const answer = await engine.readOnly(sql);
    const rows = answer.rows.slice(0, EXPERT_BOUNDS.rows);
    return { columns: answer.columns, rows, isCut: answer.rows.length > rows.length };
  } catch (error) {
    throw error instanceof StoreError ? error : toStoreError(error, 'SQL', 'query');
  }
}

function refused(reason: string): StoreError {
  return new StoreError(reason, { isRetryable: false });
}

/** Why a syntax tree may not run; undefined when it may. */
function complaintOf(lines: readonly string[], sql: string): string | undefined {
  if (!/^SelectWithUnionQuery \(children 1\)/.test(lines[0]?.trim() ?? '')) {
    return 'only a SELECT over the v_* views, without INTO OUTFILE, FORMAT and SETTINGS';
  }
  for (const [index, line] of lines.entries()) {
    const [kind, name = ''] = line.trim().split(' ');
    const inTable = kind === 'Function' && (lines[index - 1] ?? '').trim().startsWith('TableExpression');
    if (inTable && !TABLE_FUNCTIONS.has(name.toLowerCase()))
      return `the table function ${name} is not allowed`;
    if (kind === 'Function' && REACHES_OUTSIDE.test(name)) return `the function ${name} is not allowed`;
    if (kind === 'TableIdentifier' && !isView(name, sql)) return `${name} is no v_* view`;
    if (kind === 'Set') return 'SETTINGS are not allowed: the bounds are fixed';
  }
  return undefined;
}

/** A view of ours, or a name that the statement itself gives with WITH. */
function isView(name: string, sql: string): boolean {
  if (/^v_[a-z_]+$/.test(name)) return true;
  return /^\w+$/.test(name) && new RegExp(`\\b${name}\\s+AS\\s*\\(`, 'i').test(sql);
}
