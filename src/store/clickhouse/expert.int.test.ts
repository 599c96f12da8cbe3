/** SQL typed by an expert: what it may do, and that each way out is closed. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenEventStore, openEventStore } from '../index.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'vigie-expert-'));
const outfile = path.join(directory, 'out.csv');
let store: OpenEventStore;
beforeAll(async () => {
  store = await openEventStore({ kind: 'embedded', directory: path.join(directory, 'store') });
});
afterAll(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

describe('SQL for experts', () => {
  it('answers a SELECT over the views, with its columns', async () => {
    const answer = await store.sql(
      'WITH hosts AS (SELECT host_name FROM v_events) SELECT count() AS n FROM hosts;',
    );
    expect(answer).toEqual({ columns: [{ name: 'n', type: 'UInt64' }], rows: [['0']], isCut: false });
  });

  it('cuts what is too much, and says so', async () => {
    const answer = await store.sql('SELECT number FROM numbers(200000)');
    expect(answer.rows).toHaveLength(10_000);
    expect(answer.isCut).toBe(true);
  });

  it.each([
    ["SELECT file('/etc/passwd')", /file is not allowed/],
    ["SELECT * FROM file('/etc/passwd', 'LineAsString')", /file is not allowed/],
    ["SELECT * FROM s3('http://127.0.0.1:1/bucket/x')", /s3 is not allowed/],
    ["SELECT * FROM url('http://127.0.0.1:1/', 'CSV', 'a String')", /url is not allowed/],
    ["SELECT 1 IN (SELECT a FROM url('http://127.0.0.1:1/', 'CSV', 'a String'))", /url is not allowed/],
    ['SELECT * FROM loop(v_events)', /loop is not allowed/],
    [`SELECT 1 INTO OUTFILE '${outfile}'`, /only a SELECT/],
    ['SELECT 1 SETTINGS max_execution_time = 900', /Cannot modify/],
    ['SELECT * FROM (SELECT 1 SETTINGS max_threads = 9)', /SETTINGS are not allowed/],
    ['SELECT 1; DROP TABLE events', /one statement/],
    ['DROP TABLE events', /only a SELECT/],
    ['INSERT INTO events (node) VALUES (1)', /only a SELECT|readonly|Syntax|not allowed/i],
    ['KILL QUERY WHERE 1', /only a SELECT|Syntax/],
    ['SYSTEM SHUTDOWN', /only a SELECT|Syntax/],
    ['SELECT * FROM events', /events is no v_\* view/],
    ['SELECT * FROM system.users', /no v_\* view/],
    ["SELECT dictGet('a', 'b', 1)", /dictGet is not allowed/],
    ['SELECT sleep(3)', /sleep is not allowed/],
    ['nonsense', /./],
  ])('refuses %s', async (sql, reason) => {
    await expect(store.sql(sql)).rejects.toThrow(reason);
    expect(existsSync(outfile)).toBe(false);
  });

  it('leaves the other connections free to write', async () => {
    await store.insert('dead_letters', Buffer.from('["1.1",0,"r","p","","decode","X","{}",""]'), 'token');
    expect((await store.sql('SELECT count() FROM v_dead_letters')).rows).toEqual([['1']]);
  });
});
