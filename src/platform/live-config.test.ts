/** The configuration of `vigie up`: whatever is wrong in it is said at once, with its place. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { z } from 'zod';
import type { ReceiverKind } from '../model/live/receiver.ts';
import { readConfig } from './config.ts';
import { readLiveConfig } from './live-config.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'vigie-live-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const kinds = [
  { kind: 'syslog-tcp', options: z.strictObject({ listen: z.string() }) },
] as unknown as readonly ReceiverKind[];

function complaintsOn(text: string): string[] {
  const configFile = path.join(folder, 'vigie.yml');
  writeFileSync(configFile, text);
  try {
    readLiveConfig({ configFile }, { config: readConfig({}), kinds, cores: 2 });
    return [];
  } catch (error) {
    return (error as Error).message.split('\n').map((line) => line.replaceAll(`${configFile}: `, ''));
  }
}

it('complains of all at once, also inside what stands beside a wrong setting', () => {
  const told = complaintsOn(`
datta: x
workers: many
http: { listen: 1, certificat: a.pem }
receivers: [{ id: a, kind: syslogg }, { id: b, kind: syslog-tcp, listen: 3 }]
`);
  expect(told).toHaveLength(6);
  expect(told).toEqual(
    expect.arrayContaining([
      'datta: unknown setting',
      expect.stringMatching(/^workers: .*number/),
      expect.stringMatching(/^http\.listen: .*string/),
      'http.certificat: unknown setting',
      expect.stringContaining('receivers.0.kind: "syslogg" is none of syslog-tcp'),
      expect.stringMatching(/^receivers\.1\.listen: .*string/),
    ]),
  );
});

it('takes what is right', () => {
  expect(complaintsOn('workers: 1\nhttp: false\nreceivers: []\n')).toEqual([]);
});
