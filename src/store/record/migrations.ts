/** The record store's schema files: `sql/record/NNNN_name.sql`, numbered without gaps, hashed, split into statements. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../../sql/record/', import.meta.url));

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sha256: string;
  readonly text: string;
}

export type Engine = 'sqlite' | 'postgres';

export function readMigrations(folder: string = FOLDER): readonly Migration[] {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort();
  return files.map((file, index) => {
    const number = Number(/^(\d{4})_[a-z0-9-]+\.sql$/.exec(file)?.[1]);
    if (number !== index + 1)
      throw new Error(`${folder}${file}: expected number ${String(index + 1).padStart(4, '0')}`);
    const text = readFileSync(`${folder}/${file}`, 'utf8').replaceAll('\r\n', '\n');
    return {
      number,
      name: file.replace(/\.sql$/, ''),
      sha256: createHash('sha256').update(text).digest('hex'),
      text,
    };
  });
}

/**
 * The statements for one engine: paragraphs, those marked for the other engine left out.
 * @example statementsOf('A\n\n-- postgres\nB', 'sqlite') // ['A']
 */
export function statementsOf(text: string, engine: Engine): string[] {
  const other = engine === 'sqlite' ? '-- postgres' : '-- sqlite';
  return text
    .split(/\n{2,}/)
    .map((part) => part.trim())
    .filter((part) => part.split('\n')[0] !== other)
    .filter((part) => part.split('\n').some((line) => line !== '' && !line.startsWith('--')));
}
