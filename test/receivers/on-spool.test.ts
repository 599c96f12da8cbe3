/** Receivers on the real spool instead of the intake in memory: every record they took is in it, once, in order. */
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openTestSpool, readAll } from '../../src/areas/ingest/spool/testing/harness.ts';
import { FILE_HARNESS } from './file-wire.ts';
import { openReceiver, temporaryDirectory, until } from './harness.ts';
import { KAFKA_HARNESS } from './kafka-wire.ts';
import { SYSLOG_HARNESSES } from './syslog-wires.ts';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const COUNT = 500;
const RECORDS = Array.from({ length: COUNT }, (_, index) => `<13>1 - ward app - - - event ${index}`);

describe('receivers on the spool', () => {
  it.each([...SYSLOG_HARNESSES, FILE_HARNESS, KAFKA_HARNESS])('$kind', async (harness) => {
    const directory = temporaryDirectory();
    cleanups.push(directory.remove);
    const { spool, damages } = await openTestSpool(path.join(directory.path, 'spool'));
    cleanups.push(() => spool.close());
    const more = { intake: spool, stateDirectory: directory.path, implementation: harness.implementation };
    const opened = openReceiver(harness.kind, harness.options(directory.path), more);
    await opened.receiver.start();
    const wire = await harness.connect(opened, directory.path);
    cleanups.push(() => wire.close());
    await wire.send(RECORDS);
    await until(() => opened.receiver.counters.records === COUNT);
    await opened.receiver.stop(1_000);
    expect(await readAll(spool)).toEqual(RECORDS);
    expect(damages).toEqual([]);
  });
});
