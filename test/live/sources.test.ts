/** A service as people run it: a listed domain asked for by name becomes a signal, and its sender is known. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { startService } from './service.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const NODE = path.join(ROOT, 'node_modules/node/bin/node');
const directory = mkdtempSync(path.join(tmpdir(), 'vigie-live-sources-'));
const data = path.join(directory, 'data');
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function vigie(...words: string[]): Promise<string> {
  const args = [path.join(ROOT, 'src/main.ts'), ...words, '--data', data, '--lang', 'en'];
  return (await promisify(execFile)(NODE, args)).stdout;
}

const LINE = '<30>Nov 24 07:12:33 gw-site-b dnsmasq[700]: query[A] c2.listed.example from 192.0.2.77\n';

it('tells a listed domain from its first query on', { timeout: 120_000 }, async () => {
  mkdirSync(data, { recursive: true });
  const list = path.join(directory, 'list.txt');
  writeFileSync(list, 'listed.example\n');
  await vigie('intel', 'import', list);
  const service = await startService({ directory });
  try {
    const { host, port } = service.syslog;
    await new Promise<void>((resolve) => {
      const socket = connect(port, host, () => socket.end(LINE));
      socket.once('close', () => resolve());
    });
    const stored = async (): Promise<number> => (await service.metrics()).get('vigie_signals_total') ?? 0;
    await expect.poll(stored, { timeout: 30_000 }).toBeGreaterThanOrEqual(1);
    const signals = await vigie('signals', '--kind', 'intel', '--json');
    expect(JSON.parse(signals)).toMatchObject({
      kind: 'intel',
      deciding: [{ field: 'dns.question.name', value: 'c2.listed.example' }],
      entities: expect.arrayContaining([expect.objectContaining({ kind: 'destination' })]),
    });
    const sources = JSON.parse(await vigie('sources', '--json')) as { isListening: boolean };
    expect(sources).toMatchObject({
      isListening: true,
      items: [
        {
          receiver: 'syslog-tcp',
          peer: '127.0.0.1',
          events: 1,
          silence: { isSilent: false, basis: 'default' },
          sources: [{ sourceId: 'dns-dnsmasq', events: 1, withoutYear: 1, withoutZone: 1 }],
        },
      ],
      receivers: [{ id: 'syslog-tcp', records: 1, lost: 0 }],
    });
  } finally {
    await service.stop();
  }
});
