/**
 * The snippets of `docs/manual/connect-your-logs.md`, tried as written with the real programs: only the server's name,
 * the ports and the paths of certificates are replaced. A program that is not installed skips its tests and says so.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { load } from 'js-yaml';
import { afterEach, describe, expect, it } from 'vitest';
import { RECEIVER_KINDS } from '../../src/areas/ingest/receivers/registry.ts';
import { ROOT } from '../house.ts';
import { type Opened, openReceiver, portOf, temporaryDirectory } from './harness.ts';
import { createMemoryIntake, type MemoryIntake } from './memory-intake.ts';
import { cert } from './syslog-wires.ts';

const [ENGLISH, FRENCH] = ['connect-your-logs.md', 'connect-your-logs.fr.md'].map(snippetsOf);

function snippetsOf(page: string): Map<string, string> {
  const text = readFileSync(path.join(ROOT, 'docs/manual', page), 'utf8');
  const found = text.matchAll(/<!-- try: ([\w-]+) -->\n```\w+\n(.*?)\n```/gs);
  return new Map([...found].map(([, name, snippet]) => [name ?? '', snippet ?? '']));
}

function snippet(name: string): string {
  const text = ENGLISH?.get(name);
  if (text === undefined) throw new Error(`no snippet ${name} in the manual`);
  return text;
}

/** As written, for this machine. */
function tried(name: string, port: number): string {
  return snippet(name)
    .replace(/(target=|network\(|syslog\(|--server )("?)vigie\.example\.org/g, '$1$2127.0.0.1')
    .replaceAll('vigie.example.org', 'vigie.test')
    .replace(/\b(?:5514|6514)\b/g, String(port))
    .replaceAll('/etc/vigie/ca.pem', cert('ca.pem'))
    .replaceAll('/etc/vigie/sender.pem', cert('client.pem'))
    .replaceAll('/etc/vigie/sender.key', cert('TEST-ONLY-client.key'));
}

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Listening {
  readonly opened: Opened;
  readonly intake: MemoryIntake;
  readonly port: number;
  readonly directory: string;
}

async function listen(kind: string): Promise<Listening> {
  const directory = temporaryDirectory();
  cleanups.push(directory.remove);
  const intake = createMemoryIntake();
  const tls = {
    certificate: cert('server.pem'),
    key: cert('TEST-ONLY-server.key'),
    clientCa: cert('ca.pem'),
    clientCertificate: 'required',
  };
  const options = { listen: '127.0.0.1:0', ...(kind === 'syslog-tls' ? tls : {}) };
  const opened = openReceiver(kind, options, { intake, stateDirectory: directory.path });
  await opened.receiver.start();
  cleanups.push(() => opened.receiver.stop(200));
  return { opened, intake, port: portOf(opened.receiver.address), directory: directory.path };
}

/** A daemon that reads the local socket `log.sock` in `directory`, ended with the test. */
function daemon(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): { said: () => string } {
  let said = '';
  const child = spawn(command, args, { env: { ...process.env, ...env } });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
  cleanups.push(
    () =>
      new Promise<void>((resolve) => {
        if (child.exitCode !== null) return resolve();
        child.once('close', () => resolve());
        child.kill();
      }),
  );
  return { said: () => said };
}

/** Writes a line to the local socket, once it is there, as programs do. */
async function logLocally(directory: string, message: string, said: () => string): Promise<void> {
  const socket = path.join(directory, 'log.sock');
  const deadline = performance.now() + 10_000;
  while (!existsSync(socket)) {
    if (performance.now() > deadline) throw new Error(`the daemon does not start: ${said()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const sent = spawnSync('logger', ['--socket', socket, '--tag', 'ward', message]);
  if (sent.status !== 0) throw new Error(String(sent.stderr));
}

function has(command: string): boolean {
  return existsSync(command) || spawnSync('which', [command]).status === 0;
}

/** Debian cannot install syslog-ng beside rsyslog: it may be unpacked in /opt (see .ci/log-senders). */
const UNPACKED = '/opt/syslog-ng';
const SYSLOG_NG = existsSync(`${UNPACKED}/usr/sbin/syslog-ng`)
  ? `${UNPACKED}/usr/sbin/syslog-ng`
  : 'syslog-ng';
const SYSLOG_NG_LIBRARIES = `${UNPACKED}/usr/lib/syslog-ng`;

/** Tests that need these programs, or one line that says why not. */
function describeWith(programs: readonly string[], name: string, tests: () => void): void {
  const absent = programs.filter((program) => !has(program));
  if (absent.length === 0) {
    describe(name, tests);
    return;
  }
  process.stdout.write(`SKIPPED ${name}: not installed: ${absent.join(', ')}\n`);
  describe.skip(`${name} (not installed: ${absent.join(', ')})`, tests);
}

describe('the manual', () => {
  it('has the same snippets in both languages', () => {
    expect(FRENCH).toEqual(ENGLISH);
    expect(ENGLISH?.size).toBeGreaterThanOrEqual(10);
  });

  it.each(['vigie-receivers', 'kafka'])('shows settings that Vigie takes: %s', (name) => {
    const { receivers } = load(snippet(name)) as { receivers: { id: string; kind: string }[] };
    for (const { id, kind, ...options } of receivers) {
      const found = RECEIVER_KINDS.find((one) => one.kind === kind);
      expect(found?.options.safeParse(options), `${id}: ${kind}`).toMatchObject({ success: true });
    }
  });
});

describeWith(['rsyslogd', 'logger'], 'rsyslog', () => {
  it.each([
    ['rsyslog-tcp', 'syslog-tcp', undefined],
    ['rsyslog-udp', 'syslog-udp', undefined],
    ['rsyslog-tls', 'syslog-tls', 'relay-1.ward.test'],
  ])('forwards as in the manual: %s', async (name, kind, identity) => {
    const { intake, port, directory } = await listen(kind);
    const base = [
      `global(workDirectory="${directory}")`,
      'module(load="imuxsock" SysSock.Use="off")',
      `input(type="imuxsock" Socket="${directory}/log.sock")`,
    ];
    const file = path.join(directory, 'rsyslog.conf');
    writeFileSync(file, `${base.join('\n')}\n${tried(name, port)}\n`);
    const { said } = daemon('rsyslogd', ['-n', '-f', file, '-i', path.join(directory, 'pid')]);
    await logLocally(directory, `hello from ${name}`, said);
    await expectRecord(intake, new RegExp(`^<13>1 \\S+ \\S+ ward .*hello from ${name}$`), said);
    expect(intake.deliveries[0]?.sender).toMatchObject({ peer: '127.0.0.1' });
    expect(intake.deliveries[0]?.sender.identity).toBe(identity);
  });
});

describeWith([SYSLOG_NG, 'logger'], 'syslog-ng', () => {
  it.each([
    ['syslog-ng-tcp', 'syslog-tcp', /^<13>1 \S+ \S+ ward .*hello from syslog-ng-tcp$/],
    ['syslog-ng-lines', 'syslog-tcp', /^<13>\w{3} .* ward.*hello from syslog-ng-lines$/],
    ['syslog-ng-tls', 'syslog-tls', /^<13>1 \S+ \S+ ward .*hello from syslog-ng-tls$/],
  ])('forwards as in the manual: %s', async (name, kind, record) => {
    const { intake, port, directory } = await listen(kind);
    const file = path.join(directory, 'syslog-ng.conf');
    const source = `source s_src { unix-dgram("${directory}/log.sock"); };`;
    writeFileSync(file, `@version: 3.35\n${source}\n${tried(name, port)}\n`);
    const state = ['pid', 'persist', 'ctl'].map((what) => path.join(directory, what));
    const args = ['-F', '-f', file, '-p', state[0] ?? '', '-R', state[1] ?? '', '-c', state[2] ?? ''];
    const modules = SYSLOG_NG === 'syslog-ng' ? [] : [`--module-path=${SYSLOG_NG_LIBRARIES}/${version()}`];
    const env = { LD_LIBRARY_PATH: SYSLOG_NG_LIBRARIES };
    const { said } = daemon(SYSLOG_NG, [...args, ...modules, '--no-caps'], env);
    await logLocally(directory, `hello from ${name}`, said);
    await expectRecord(intake, record, said);
  });
});

function version(): string {
  const env = { ...process.env, LD_LIBRARY_PATH: SYSLOG_NG_LIBRARIES };
  const said = String(spawnSync(SYSLOG_NG, ['--version'], { env }).stdout);
  return /Installer-Version: (\d+\.\d+)/.exec(said)?.[1] ?? '';
}

describeWith(['logger'], 'logger', () => {
  it.each([
    ['logger-tcp-counted', 'syslog-tcp', /^<13>1 .*Vigie hears this machine$/],
    ['logger-tcp-lines', 'syslog-tcp', /^<13>\w{3} .*Vigie hears this machine$/],
    ['logger-udp', 'syslog-udp', /^<13>1 .*Vigie hears this machine$/],
  ])('sends as in the manual: %s', async (name, kind, record) => {
    const { intake, port } = await listen(kind);
    const sent = spawn('sh', ['-c', tried(name, port)]);
    await new Promise((resolve) => sent.once('close', resolve));
    await expectRecord(intake, record, () => '');
  });
});

async function expectRecord(intake: MemoryIntake, record: RegExp, said: () => string): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (!intake.records.some((text) => record.test(text))) {
    if (performance.now() > deadline) {
      throw new Error(`no record like ${record}; got ${JSON.stringify(intake.records)}; it said ${said()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
