/** `vigie up` as people run it: a configuration that is wrong, and a first line that reaches the store. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { startService } from './service.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const NODE = path.join(ROOT, 'node_modules/node/bin/node');
const directory = mkdtempSync(path.join(tmpdir(), 'vigie-up-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function vigie(...words: string[]): Promise<Ran> {
  try {
    const { stdout, stderr } = await promisify(execFile)(NODE, [path.join(ROOT, 'src/main.ts'), ...words]);
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout, err: stderr };
  }
}

describe('vigie up', () => {
  it('tells every complaint about its configuration at once, and starts nothing', async () => {
    const file = path.join(directory, 'bad.yml');
    writeFileSync(
      file,
      'spol: {}\nspool: { max_gib: -1 }\nreceivers:\n  - { id: a, kind: telepathy }\n  - { id: b, kind: syslog-tcp, listen: nowhere, prot: 1 }\n',
    );
    const ran = await vigie('up', '--config', file, '--lang', 'en');
    expect(ran.code).toBe(2);
    expect(ran.err).toContain('spol: unknown setting');
    expect(ran.err).toContain('spool.max_gib');
    const { err } = await vigie('up', '--config', file, '--lang', 'fr');
    const said = err.split('\n').map((line) => line.replace(`${file}: `, ''));
    expect(said).toEqual([
      'vigie: spool.max_gib : trop petit, plus que 0',
      'spol : réglage inconnu',
      expect.stringMatching(/^receivers\.0\.kind : « telepathy » n’est pas parmi syslog-/),
      'receivers.1.listen : n’est pas ADRESSE:PORT, comme 0.0.0.0:5514',
      'receivers.1.prot : réglage inconnu',
      '',
    ]);
    const missing = await vigie('up', '--config', '/nowhere.yml', '--lang', 'fr');
    expect([missing.code, missing.err]).toEqual([2, 'vigie: /nowhere.yml : ce fichier n’existe pas\n']);
  });

  it('checks the example it gives', async () => {
    const example = await vigie('config', 'example', '--lang', 'fr');
    const file = path.join(directory, 'example.yml');
    writeFileSync(file, example.out);
    expect(await vigie('up', '--config', file, '--check', '--lang', 'en')).toMatchObject({ code: 0 });
  });

  it('takes a line, stores it, and stops as asked', { timeout: 120_000 }, async () => {
    const service = await startService({ directory: path.join(directory, 'run') });
    await new Promise<void>((resolve) => {
      const socket = connect(service.syslog.port, service.syslog.host, () =>
        socket.end('<13>a first line\n'),
      );
      socket.once('close', () => resolve());
    });
    const stored = async (): Promise<number> =>
      (await service.metrics()).get('vigie_events_stored_total') ?? 0;
    await expect.poll(stored, { timeout: 30_000 }).toBe(1);
    const data = path.join(directory, 'run/data');
    const config = path.join(directory, 'run/vigie.yml');
    const second = await vigie('--data', data, 'up', '--config', config, '--lang', 'fr');
    expect([second.code, second.err]).toEqual([
      70,
      expect.stringContaining(`un service tourne déjà sur ${data} (processus `),
    ]);
    expect(await service.stop()).toBe(0);
    expect(service.log()).toContain('everything taken is stored');
  });

  it('serves HTTP on a node that takes nothing in', { timeout: 120_000 }, async () => {
    const service = await startService({
      directory: path.join(directory, 'console'),
      config: 'roles: [console]',
      readySign: 'Token',
    });
    const ask = async (route: string, method = 'GET'): Promise<number> => {
      const { host, port } = service.http;
      const headers = { authorization: `Bearer ${service.token}` };
      return (await fetch(`http://${host}:${port}${route}`, { method, headers })).status;
    };
    const routes = ['/healthz', '/readyz', '/metrics', '/api/signals', '/api/behaviours', '/api/sources'];
    expect(await Promise.all(routes.map((route) => ask(route)))).toEqual(routes.map(() => 200));
    expect(await Promise.all([ask('/_bulk', 'POST'), ask('/services/collector', 'POST')])).toEqual([
      404, 404,
    ]);
    expect(await service.stop()).toBe(0);
  });
});
