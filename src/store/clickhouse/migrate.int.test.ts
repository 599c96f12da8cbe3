/** The schema only goes forward: from any older one, through a crash, and never over a file that was changed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openEmbedded } from './embedded.ts';
import type { Engine } from './engine.ts';
import { renderSql } from './macros.ts';
import { createViews, migrate } from './migrate.ts';
import { MIGRATIONS_FOLDER, readSqlFolder, statementsOf, VIEWS_FOLDER } from './sql-files.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'vigie-migrate-'));
const engine = openEmbedded(directory);
afterAll(async () => {
  await engine.close();
  rmSync(directory, { recursive: true, force: true });
});

const ALL = readSqlFolder(MIGRATIONS_FOLDER);
const FIRST = ALL.slice(0, 1);

/** Fails at the n-th statement, as a process that dies. */
function dyingAt(nth: number): Engine {
  let ran = 0;
  return {
    ...engine,
    run: (statement) => {
      ran += 1;
      return ran === nth ? Promise.reject(new Error('died')) : engine.run(statement);
    },
  };
}

it('goes on where a start died, whatever the statement', async () => {
  // At the n-th statement of what is left: the ledger, the tables, what is recorded of them.
  for (const nth of [1, 2, 3]) await expect(migrate(dyingAt(nth), FIRST)).rejects.toThrow('died');
  await migrate(engine, FIRST);
  expect(await migrate(engine, FIRST)).toEqual([]);
});

it('brings an older schema with its events to the current one', async () => {
  await engine.run({
    sql: "INSERT INTO events (node, seq, time, received, raw) VALUES (1, 7, '2026-11-26 00:00:00', '2026-11-26 00:00:01', 'kept')",
  });
  const ran = await migrate(engine, ALL);
  expect(ran).toEqual(ALL.slice(1).map(({ name }) => name));
  await createViews(engine, readSqlFolder(VIEWS_FOLDER));
  await createViews(engine, readSqlFolder(VIEWS_FOLDER));
  expect(await engine.rows({ sql: 'SELECT raw FROM v_events' })).toEqual([{ raw: 'kept' }]);
  expect(
    await engine.rows({
      sql: "SELECT name FROM system.tables WHERE create_table_query LIKE '%merge_selector_base = 12%auto_statistics_types = \\'\\'%'",
    }),
  ).toEqual([{ name: 'events' }]);
});

it('refuses a file that changed after it was applied, and a store that is newer', async () => {
  const changed = ALL.map((file, index) => (index === 0 ? { ...file, text: `${file.text}\n-- x` } : file));
  await expect(migrate(engine, changed)).rejects.toThrow(/0001_events .* has changed/);
  await expect(migrate(engine, FIRST)).rejects.toThrow(/newer Vigie/);
});

it('lets one migrate at a time', async () => {
  await engine.run({
    sql: 'CREATE TABLE schema_lock ENGINE = MergeTree ORDER BY tuple() AS SELECT now() AS taken',
  });
  const waits = { waitMillis: 50, pollMillis: 10 };
  await expect(migrate(engine, ALL, waits)).rejects.toThrow(/schema_lock/);
  // An old one was left by a start that died.
  await engine.run({ sql: 'TRUNCATE TABLE schema_lock' });
  await engine.run({ sql: 'INSERT INTO schema_lock SELECT now() - INTERVAL 1 HOUR' });
  expect(await migrate(engine, ALL, waits)).toEqual([]);
});

it('renders one text for one server and for a cluster', () => {
  for (const file of [...ALL, ...readSqlFolder(VIEWS_FOLDER)]) {
    for (const statement of statementsOf(file.text)) {
      const clustered = renderSql(statement, 'main');
      expect(clustered).toMatch(/ON CLUSTER 'main'/);
      expect(`${clustered}${renderSql(statement, undefined)}`).not.toContain('{{');
    }
  }
  expect(() => renderSql('{{nope:x}}', undefined)).toThrow('unknown macro {{nope:x}}');
});
