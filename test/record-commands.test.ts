/** `vigie token` and `vigie journal` as a person runs them, on a data directory of their own. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { type CommandResult, runVigie } from './hunt-runner.ts';

const data = mkdtempSync(path.join(tmpdir(), 'vigie-commands-'));
const run = (...args: string[]): Promise<CommandResult> => runVigie([...args, '--data', data]);

afterAll(() => rmSync(data, { recursive: true, force: true }));

describe('vigie token and vigie journal', () => {
  it('make, list and revoke a token, journal it, and prove the journal', async () => {
    const made = await run('token', 'create', 'relay-1', '--scope', 'ingest', 'search', '--expires', '90d');
    expect(made).toMatchObject({ code: 0, err: expect.stringContaining('not be shown again') });
    expect(made.out).toMatch(/^vgt_\S+\n$/);
    expect(statSync(path.join(data, 'record.db')).mode & 0o777).toBe(0o600);

    const [listed, taken] = await Promise.all([
      run('token', 'list', '--json'),
      run('token', 'create', 'relay-1', '--scope', 'ingest'),
    ]);
    expect(JSON.parse(listed.out)).toMatchObject([
      { name: 'relay-1', scopes: ['ingest', 'search'], state: 'active' },
    ]);
    expect(listed.out).not.toContain(made.out.trim().slice(21));
    expect(taken).toMatchObject({ code: 2, err: expect.stringContaining('already named "relay-1"') });

    const anchor = await run('journal', 'anchor');
    writeFileSync(path.join(data, 'anchors'), anchor.out);
    const revoked = await run('token', 'revoke', 'relay-1', '--lang', 'fr');
    expect(revoked).toMatchObject({ code: 0, out: expect.stringContaining('révoqué') });
    const [shown, proved] = await Promise.all([
      run('journal', 'show', '--json'),
      run('journal', 'verify', '--anchor', path.join(data, 'anchors')),
    ]);
    const actions = shown.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).action);
    expect(actions).toEqual(['token.created', 'token.revoked']);
    expect(proved).toMatchObject({ code: 0, out: expect.stringContaining('Intact: 2 entries, 1 anchors') });
  });

  it('say where a tampered journal is broken, with exit code 1', async () => {
    const db = new DatabaseSync(path.join(data, 'record.db'));
    db.exec("DROP TRIGGER journal_no_update; UPDATE journal SET actor_name = 'mallory' WHERE seq = 1");
    db.close();
    const [text, json] = await Promise.all([run('journal', 'verify'), run('journal', 'verify', '--json')]);
    expect(text).toMatchObject({ code: 1, out: expect.stringContaining('BROKEN: entry 1 was altered') });
    expect(JSON.parse(json.out)).toMatchObject({ intact: false, broken: { reason: 'altered', seq: 1 } });
  });

  it('refuse what they do not understand, with exit code 2', async () => {
    const wrong = await Promise.all([
      run('token', 'create', 'x', '--scope', 'everything'),
      run('token', 'create', 'x', '--scope', 'ingest', '--expires', 'soon'),
      run('journal', 'verify', '--anchor', path.join(data, 'record.db')),
      runVigie(['token', 'list', '--data', path.join(data, 'record.db')]),
    ]);
    expect(wrong.map((result) => result.code)).toEqual([2, 2, 2, 2]);
    expect(wrong[3]?.err).toContain('cannot be opened');
  });
});
