/** Files followed through what happens to log files: rotation of each kind, restarts, crashes, odd files. */
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Intake } from '../../src/model/live/delivery.ts';
import { type Opened, openReceiver, temporaryDirectory, until } from './harness.ts';
import { createMemoryIntake } from './memory-intake.ts';

const FAST = { pollMillis: 10, scanMillis: 15 };
const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function place(): { logs: string; state: string; file: (name: string) => string } {
  const directory = temporaryDirectory();
  cleanups.push(directory.remove);
  const logs = path.join(directory.path, 'logs');
  mkdirSync(logs);
  return { logs, state: path.join(directory.path, 'state'), file: (name) => path.join(logs, name) };
}

async function follow(
  options: Record<string, unknown>,
  more: { intake: Intake; stateDirectory: string; clock?: Parameters<typeof openReceiver>[2]['clock'] },
): Promise<Opened> {
  const opened = openReceiver('files', { ...FAST, ...options }, more);
  await opened.receiver.start();
  cleanups.push(() => opened.receiver.stop(500));
  return opened;
}

const lines = (from: number, count: number): string =>
  Array.from({ length: count }, (_, index) => `line ${from + index}\n`).join('');
const expected = (count: number): string[] => Array.from({ length: count }, (_, index) => `line ${index}`);
const byNumber = (records: readonly string[]): string[] =>
  [...records].sort((one, other) => Number(one.slice(5)) - Number(other.slice(5)));

describe('files receiver', () => {
  it('reads on in a renamed file, then the new one, and never the compressed one', async () => {
    const { logs, state, file } = place();
    const intake = createMemoryIntake();
    writeFileSync(file('app.log'), lines(0, 100));
    await follow({ paths: [`${logs}/app.log`] }, { intake, stateDirectory: state });
    await intake.whenRecords(100);
    appendFileSync(file('app.log'), lines(100, 50));
    renameSync(file('app.log'), file('app.log.1'));
    writeFileSync(file('app.log'), lines(160, 40));
    appendFileSync(file('app.log.1'), lines(150, 10));
    await intake.whenRecords(200);
    writeFileSync(file('app.log.1.gz'), gzipSync(readFileSync(file('app.log.1'))));
    rmSync(file('app.log.1'));
    appendFileSync(file('app.log'), lines(200, 10));
    await intake.whenRecords(210);
    expect(byNumber(intake.records)).toEqual(expected(210));
  });

  it('follows copy and cut, and does not read the copy again', async () => {
    const { logs, state, file } = place();
    const intake = createMemoryIntake();
    writeFileSync(file('app.log'), lines(0, 500));
    await follow({ paths: [`${logs}/app.log*`] }, { intake, stateDirectory: state });
    await intake.whenRecords(500);
    copyFileSync(file('app.log'), file('app.log.1'));
    await new Promise((resolve) => setTimeout(resolve, 60));
    truncateSync(file('app.log'), 0);
    appendFileSync(file('app.log'), lines(500, 20));
    await intake.whenRecords(520);
    // Cut and grown beyond where it was, between two looks.
    copyFileSync(file('app.log'), file('app.log.2'));
    writeFileSync(file('app.log'), lines(520, 900));
    await intake.whenRecords(1420);
    // Written, copied and cut before we looked: the last lines are in the copy only.
    appendFileSync(file('app.log'), lines(1420, 30));
    copyFileSync(file('app.log'), file('app.log.3'));
    truncateSync(file('app.log'), 0);
    await intake.whenRecords(1450);
    appendFileSync(file('app.log'), lines(1450, 1));
    await intake.whenRecords(1451);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(byNumber(intake.records)).toEqual(expected(1451));
  });

  it('goes on after a restart where it stopped, also through a rotation while it was down', async () => {
    const { logs, state, file } = place();
    const intake = createMemoryIntake();
    writeFileSync(file('app.log'), lines(0, 100));
    const options = { paths: [`${logs}/app.log`] };
    const first = await follow(options, { intake, stateDirectory: state });
    await intake.whenRecords(100);
    await first.receiver.stop(500);
    appendFileSync(file('app.log'), lines(100, 5));
    renameSync(file('app.log'), file('app.log.1'));
    writeFileSync(file('app.log'), lines(105, 5));
    await follow(options, { intake, stateDirectory: state });
    await intake.whenRecords(110);
    expect(byNumber(intake.records)).toEqual(expected(110));
  });

  it('delivers nothing twice when it dies between the intake and its positions', async () => {
    const { logs, state, file } = place();
    const memory = createMemoryIntake();
    const died = Promise.withResolvers<void>();
    const dying: Intake = {
      isFull: false,
      whenRoom: () => Promise.resolve(),
      async deliver(delivery) {
        await memory.deliver(delivery);
        died.resolve();
        return { kind: 'refused', reason: 'broken', retryAfterSeconds: 1 };
      },
    };
    writeFileSync(file('app.log'), lines(0, 100));
    const options = { paths: [`${logs}/app.log`] };
    const first = openReceiver('files', { ...FAST, ...options }, { intake: dying, stateDirectory: state });
    await first.receiver.start();
    await died.promise;
    cpSync(state, `${state}-copy`, { recursive: true });
    await first.receiver.stop(0);
    appendFileSync(file('app.log'), lines(100, 50));
    await follow(options, { intake: memory, stateDirectory: `${state}-copy` });
    await memory.whenRecords(150);
    expect(memory.records).toEqual(expected(150));
  });

  it('starts at the end when asked to, but reads files that come later whole', async () => {
    const { logs, state, file } = place();
    const intake = createMemoryIntake();
    writeFileSync(file('old.log'), 'before\nhalf a li');
    await follow({ paths: [logs], startAt: 'end' }, { intake, stateDirectory: state });
    appendFileSync(file('old.log'), 'ne\nline 0\n');
    await intake.whenRecords(1);
    mkdirSync(file('sub'));
    writeFileSync(file('sub/new.log'), lines(1, 3));
    await intake.whenRecords(4);
    expect(intake.records).toEqual(expected(4));
  });

  it('waits for the end of the last line, and takes it as it is once the file is out of sight', async () => {
    const { logs, state, file } = place();
    const intake = createMemoryIntake();
    let aheadMillis = 0;
    const clock = {
      nowMillis: () => Date.now() + aheadMillis,
      monotonicMillis: () => performance.now() + aheadMillis,
    };
    await follow({ paths: [`${logs}/app.log`] }, { intake, stateDirectory: state, clock });
    writeFileSync(file('app.log'), 'line 0\nlin');
    await intake.whenRecords(1);
    appendFileSync(file('app.log'), 'e 1\nline 2');
    await intake.whenRecords(2);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(intake.records).toEqual(expected(2));
    renameSync(file('app.log'), file('gone'));
    await new Promise((resolve) => setTimeout(resolve, 60));
    aheadMillis = 11_000;
    await intake.whenRecords(3);
    expect(intake.records).toEqual(expected(3));
  });

  it('says which path cannot be read, once, and follows it when it can', async () => {
    const { logs, state, file } = place();
    const intake = createMemoryIntake();
    symlinkSync(file('nowhere'), file('link.log'));
    const opened = await follow({ paths: [`${logs}/*.log`] }, { intake, stateDirectory: state });
    await new Promise((resolve) => setTimeout(resolve, 80));
    const complaints = opened.logs.filter((entry) => entry.message === 'file not followed');
    expect(complaints.map((entry) => entry.fields)).toEqual([
      expect.objectContaining({ path: file('link.log'), reason: 'ENOENT' }),
    ]);
    writeFileSync(file('nowhere'), lines(0, 1));
    await intake.whenRecords(1);
  });

  it('follows thousands of files', async () => {
    const { logs, state, file } = place();
    const intake = createMemoryIntake();
    const count = 1_000;
    for (let index = 0; index < count; index++) writeFileSync(file(`host-${index}.log`), lines(index, 1));
    await follow({ paths: [`${logs}/*.log`], scanMillis: 100 }, { intake, stateDirectory: state });
    await intake.whenRecords(count);
    appendFileSync(file('host-7.log'), lines(count, 1));
    await intake.whenRecords(count + 1);
    expect(byNumber(intake.records)).toEqual(expected(count + 1));
  });

  it('loses and repeats nothing under any order of writing, rotating and restarting', async () => {
    const step = fc.constantFrom('write', 'write', 'wait', 'rotate', 'restart', 'half');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        const { logs, state, file } = place();
        const intake = createMemoryIntake();
        const options = { paths: [`${logs}/app.log`] };
        let opened = await follow(options, { intake, stateDirectory: state });
        let written = 0;
        let rotations = 0;
        for (const what of steps) {
          if (what === 'write') appendFileSync(file('app.log'), lines(written++, 1));
          if (what === 'half') {
            appendFileSync(file('app.log'), 'line ');
            await new Promise((resolve) => setTimeout(resolve, 12));
            appendFileSync(file('app.log'), `${written++}\n`);
          }
          if (what === 'wait') await new Promise((resolve) => setTimeout(resolve, 30));
          if (what === 'rotate' && written > 0) {
            // A rotation needs the file to have been seen: that is what following means.
            await until(() => intake.recordCount === written);
            appendFileSync(file('app.log'), lines(written++, 1));
            renameSync(file('app.log'), file(`app.log.${++rotations}`));
            appendFileSync(file('app.log'), lines(written++, 1));
          }
          if (what === 'restart') {
            await opened.receiver.stop(500);
            opened = await follow(options, { intake, stateDirectory: state });
          }
        }
        await intake.whenRecords(written);
        await opened.receiver.stop(500);
        expect(byNumber(intake.records)).toEqual(expected(written));
      }),
      { numRuns: 10 },
    );
  });
});
