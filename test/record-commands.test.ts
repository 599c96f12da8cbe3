/** `vigie token`, `vigie journal` and `vigie inventory` as a person runs them, on a data directory of their own. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { type CommandResult, runVigie } from './hunt-runner.ts';
import { runIn } from './program-runner.ts';

const data = mkdtempSync(path.join(tmpdir(), 'vigie-commands-'));

const run = (...args: string[]): Promise<CommandResult> => runIn(data, args);

afterAll(() => rmSync(data, { recursive: true, force: true }));

describe('vigie token and vigie journal', () => {
  it('make, list and revoke a token, journal it, and prove the journal', async () => {
    const create = ['token', 'create', 'relay-1', '--scope', 'ingest', 'search', '--expires', '90d'];
    const made = await runVigie([...create, '--data', data]);
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
    expect(proved).toMatchObject({
      code: 0,
      out: expect.stringContaining('Intact: 2 entries, 1 anchor agrees'),
    });
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
      runIn(path.join(data, 'record.db'), ['token', 'list']),
    ]);
    expect(wrong.map((result) => result.code)).toEqual([2, 2, 2, 2]);
    expect(wrong[3]?.err).toContain('cannot be opened');
  });
});

describe('vigie inventory', () => {
  it('imports, lists, shows, exports and takes back, saying what it left out', async () => {
    const file = path.join(data, 'machines.csv');
    writeFileSync(file, 'Poste;IP;Criticité;N° inv\nPC-1;10.0.0.1;vitale;A1\nPC-2;10.0.0.300;;A2\n');
    const dry = await run('inventory', 'import', file, '--dry-run', '--map', 'N° inv=serial');
    expect(dry).toMatchObject({
      code: 3,
      err: expect.stringContaining('machines.csv:3: address "10.0.0.300"'),
    });
    expect(dry.out).toContain('Would be: 1 created');
    const done = await run('inventory', 'import', file, '--json', '--map', 'N° inv=serial');
    const { id, created, refused } = JSON.parse(done.out);
    expect({ created, refused }).toEqual({ created: 1, refused: 1 });
    const [listed, shown, exported] = await Promise.all([
      run('inventory', 'list', '--lang', 'fr'),
      run('inventory', 'show', '10.0.0.1', '--json'),
      run('inventory', 'export'),
    ]);
    expect(listed.out).toMatch(/machine\s+PC-1\s+vitale/);
    expect(JSON.parse(shown.out)).toMatchObject({ name: 'PC-1', criticality: 'vital' });
    expect(exported.out).toContain('asset,PC-1,,vital,,,pc-1,,10.0.0.1,,a1,');
    const undone = await run('inventory', 'undo', id);
    expect(undone).toMatchObject({ code: 0, out: expect.stringContaining('1 removed') });
    const [empty, imports, unknown] = await Promise.all([
      run('inventory', 'list'),
      run('inventory', 'imports', '--json'),
      run('inventory', 'show', 'PC-1'),
    ]);
    expect(empty.out).toContain('Nothing to list');
    expect(JSON.parse(imports.out)).toMatchObject({ id, file: 'machines.csv', undoneAt: expect.any(String) });
    expect(unknown.code).toBe(2);
  });
});

describe('the journal of commands', () => {
  const other = mkdtempSync(path.join(tmpdir(), 'vigie-journal-'));
  const runThere = (...args: string[]): Promise<CommandResult> => runIn(other, args);
  afterAll(() => rmSync(other, { recursive: true, force: true }));

  const actionsOf = async (): Promise<string[]> => {
    const shown = await runThere('journal', 'show', '--json');
    return shown.out
      .trim()
      .split('\n')
      .map((line) => {
        const { action, subject } = JSON.parse(line);
        return `${action} ${subject}`;
      });
  };

  it('has each look at the inventory, before the answer and whatever it is', async () => {
    await runThere('inventory', 'list');
    expect(await runThere('inventory', 'show', 'pc-of-m.durand')).toMatchObject({ code: 2 });
    await runThere('inventory', 'list', '--candidates');
    await runThere('inventory', 'export');
    expect(await actionsOf()).toEqual(Array.from({ length: 4 }, () => 'looked inventory'));
    const journal = await runThere('journal', 'show', '--json');
    expect(journal.out).not.toContain('durand');
  });

  it('has who brought warning lists in, and nothing when none was', async () => {
    const list = {
      name: 'Private networks',
      type: 'cidr',
      version: 1,
      description: 'd',
      list: ['10.0.0.0/8'],
    };
    const file = path.join(other, 'rfc1918.json');
    writeFileSync(file, JSON.stringify(list));
    const before = (await actionsOf()).length;
    const odd = await runThere('intel', 'check', 'evil[.]example', 'evil example');
    expect(odd).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('"evil example" is no domain'),
    });
    expect(await runThere('intel', 'import-warnings', file)).toMatchObject({ code: 0 });
    expect((await actionsOf()).slice(before)).toEqual(['intel.warnings-imported misp-rfc1918']);
    writeFileSync(file, '{');
    expect(await runThere('intel', 'import-warnings', file)).toMatchObject({ code: 3 });
    expect(await actionsOf()).toHaveLength(before + 1);
  });
});
