/** Reads SQL from its files: migrations, views and named queries. Values never enter the text. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '../../..');
export const MIGRATIONS_FOLDER = path.join(ROOT, 'sql/migrations');
export const VIEWS_FOLDER = path.join(ROOT, 'sql/views');
export const QUERIES_FOLDER = path.join(ROOT, 'src/store/queries');

export interface SqlFile {
  /** Without `.sql`. */
  readonly name: string;
  readonly text: string;
}

/** The folder's `.sql` files, in the order of their names. */
export function readSqlFolder(folder: string): SqlFile[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => ({
      name: file.slice(0, -'.sql'.length),
      text: readFileSync(path.join(folder, file), 'utf8'),
    }));
}

/** The statements of a file: each ends with `;` at the end of a line; lines of comment are left out. */
export function statementsOf(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('--'))
    .join('\n')
    .split(/;[ \t]*(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}
