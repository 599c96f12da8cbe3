/**
 * A real `vigie up` meets a record that makes a step throw and one that ends the thread that reads it: both are dead
 * letters, their neighbours are stored; they are mended, replayed once, discarded. Content is loaded again on SIGHUP.
 */
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openService } from '../../src/app/service.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { readConfig } from '../../src/platform/config.ts';
import type { CommandResult } from '../hunt-runner.ts';
import { runIn } from '../program-runner.ts';
import { type Service, startService } from './service.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'vigie-letters-'));
const data = path.join(directory, 'data');
const rules = path.join(directory, 'rules');
const PRELOAD = path.join(import.meta.dirname, 'poison-preload.mjs');
const SLOW = { timeout: 60_000, interval: 250 };
const config = readConfig({});
let service: Service;

const rule = (name: string, outcome: string): string => `
title: ${name}
id: 00000000-0000-4000-8000-00000000000${name.length}
logsource: { product: linux, service: sshd }
detection: { selection: { event.outcome: ${outcome} }, condition: selection }
level: low
`;

const run = (...args: string[]): Promise<CommandResult> =>
  runIn(data, args, async (dataDirectory, lang) => openService({ config, dataDirectory, lang }));

async function rowsOf(...args: string[]): Promise<Record<string, unknown>[]> {
  const { code, out, err } = await run(...args, '--json');
  expect(code, err).toBe(0);
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

const letters = (...more: string[]): Promise<Record<string, unknown>[]> =>
  rowsOf('dead-letters', 'list', ...more);
const found = async (text: string): Promise<number> =>
  (await rowsOf('search', `"${text}"`, '--last', '1h')).length;

function send(lines: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const { host, port } = service.syslog;
    const socket = connect(port, host, () => socket.end(lines.map((line) => `${line}\n`).join('')));
    socket.once('error', reject);
    socket.once('close', () => resolve());
  });
}

beforeAll(async () => {
  mkdirSync(rules);
  writeFileSync(path.join(rules, 'first.yml'), rule('accepted', 'success'));
  service = await startService({ directory, rules: [rules], nodeOptions: ['--import', PRELOAD] });
}, 120_000);
afterAll(async () => {
  await service.stop();
  rmSync(directory, { recursive: true, force: true });
});

describe('dead letters of a running service', { timeout: 120_000 }, () => {
  it('hold the records that fail, and only those', async () => {
    const words = ['good one', 'poison-exit', 'good two', 'poison-throw', 'good three'];
    await send(words.map((word) => `{"message":"letters ${word}","kind":"une lettre morte, écrite exprès"}`));
    await expect.poll(() => letters(), SLOW).toHaveLength(2);
    await expect.poll(() => found('letters good'), SLOW).toBe(3);
    const open = await letters();
    expect(open.map(({ code, state }) => [code, state]).toSorted()).toEqual([
      ['LIVE_KILLED_WORKER', 'open'],
      ['LIVE_STEP_THREW', 'open'],
    ]);
    expect(service.log()).toContain('a worker thread ended and is replaced');
    const thrown = String(open.find(({ code }) => code === 'LIVE_STEP_THREW')?.id);
    const shown = await run('dead-letters', 'show', thrown);
    expect(shown.out).toContain('a defect, for the test');
    expect(shown.out).toContain('letters poison-throw');
    const raw = await run('dead-letters', 'show', thrown, '--raw');
    expect(raw.out).toBe('{"message":"letters poison-throw","kind":"une lettre morte, écrite exprès"}');
  });

  it('are mended and replayed once', async () => {
    const [letter] = await letters('--code', 'LIVE_STEP_THREW');
    const id = String(letter?.id);
    const file = path.join(directory, 'mended.json');
    writeFileSync(file, '{"message":"letters mended","kind":"a test of dead letters"}');
    expect(await run('dead-letters', 'fix', id, '--with', file)).toMatchObject({ code: 0 });
    const again = await run('dead-letters', 'replay', id);
    expect(again).toMatchObject({ code: 2, err: expect.stringContaining('already replayed') });
    expect(await run('dead-letters', 'fix', id, '--with', file, '--lang', 'fr')).toMatchObject({
      code: 2,
      err: expect.stringContaining('déjà été rejouée'),
    });
    await expect.poll(() => found('letters mended'), SLOW).toBe(1);
    expect(await letters('--state', 'replayed')).toMatchObject([
      { id, isMended: true, closedBy: config.account },
    ]);
  });

  it('are other letters when they fail again, until they are discarded', async () => {
    const [first] = await letters();
    const id = String(first?.id);
    expect(await run('dead-letters', 'replay', id)).toMatchObject({ code: 0 });
    await expect
      .poll(async () => (await letters()).map((letter) => letter.code), SLOW)
      .toEqual(['LIVE_KILLED_WORKER']);
    const [second] = await letters();
    expect(second?.id).not.toBe(id);
    expect(second).toMatchObject({ sender: first?.sender });
    expect(await run('dead-letters', 'discard', String(second?.id))).toMatchObject({ code: 0 });
    expect(await letters()).toEqual([]);
    expect(await letters('--state', 'all')).toHaveLength(3);
    expect(await found('letters mended')).toBe(1);
    expect(await run('dead-letters', 'show', 'none')).toMatchObject({ code: 2 });
  });
});

describe('SIGHUP', { timeout: 120_000 }, () => {
  it('loads rules again: the new one finds, the broken one is told, the service runs on', async () => {
    writeFileSync(path.join(rules, 'second.yml'), rule('refused', 'failure'));
    writeFileSync(path.join(rules, 'broken.yml'), 'title: [');
    service.process.kill('SIGHUP');
    await expect.poll(() => service.log(), SLOW).toContain('content loaded again');
    const reload = service
      .log()
      .split('\n')
      .find((line) => line.includes('content loaded again'));
    expect(reload).toMatch(/"added":1\b/);
    expect(service.log()).toContain('broken.yml');
    const at = new Date(systemClock.nowMillis()).toISOString();
    await send([`<38>1 ${at} gw sshd 12 - - Failed password for root from 203.0.113.7 port 1000 ssh2`]);
    await expect
      .poll(async () => (await rowsOf('signals')).map(({ title }) => title), SLOW)
      .toMatchObject([{ en: 'refused' }]);
  });
});

describe('vigie reload', { timeout: 120_000 }, () => {
  it('does the same, shows what came of it in the reader’s language, and is journaled', async () => {
    writeFileSync(path.join(rules, 'third.yml'), rule('third', 'unknown'));
    const report = await run('reload', '--json');
    expect(report.code).toBe(3);
    expect(JSON.parse(report.out)).toMatchObject({
      isReplaced: true,
      added: [expect.any(String)],
      changed: [],
      issues: [{ place: expect.stringContaining('broken.yml') }],
    });
    rmSync(path.join(rules, 'broken.yml'));
    const again = await run('reload', '--lang', 'fr');
    expect([again.code, again.out]).toEqual([0, expect.stringContaining('0 ajouté, 0 changé, 0 retiré.')]);
    const journal = await run('journal', 'show', '--json');
    const entries = journal.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(entries.filter(({ action }) => action === 'content.reloaded')).toMatchObject([
      { actor: { kind: 'system' } },
      { actor: { kind: 'os' }, details: { added: 1, issues: 1, isReplaced: true } },
      { actor: { kind: 'os' } },
    ]);
    rmSync(path.join(rules, 'third.yml'));
  });
});

describe('a restart', { timeout: 120_000 }, () => {
  it('keeps letters, tells of a damaged batch journal, and replays what a defect had stopped', async () => {
    await send(['letters poison-throw again, and \u001b[31mred décrété on the terminal']);
    await expect.poll(() => letters(), SLOW).toHaveLength(1);
    expect(await service.stop()).toBe(0);
    appendFileSync(path.join(data, 'spool/batches.journal'), '00000000 {"commit":\n');
    const [letter] = await letters();
    const id = String(letter?.id);
    expect((await run('dead-letters', 'show', id)).out).toMatch(/poison-throw again, and \ufffd\[31mred/);
    const refused = await run('dead-letters', 'replay', id);
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('start vigie up') });
    // Without the defect, as after an upgrade.
    service = await startService({ directory, rules: [rules] });
    expect(service.log()).toContain('lines of the batch journal cannot be read');
    expect(await letters()).toMatchObject([{ id }]);
    expect(await run('dead-letters', 'replay', id)).toMatchObject({ code: 0 });
    await expect.poll(() => found('letters poison-throw again'), SLOW).toBe(1);
    expect(await letters()).toEqual([]);
    expect(await letters('--state', 'all')).toHaveLength(4);
  });
});
