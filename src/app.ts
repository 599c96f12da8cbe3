/** Composition root: the only file that constructs the pieces and hands them to each other. */
import path from 'node:path';
import { EXIT } from './cli/exit-codes.ts';
import { createIo } from './cli/io.ts';
import { createProgram, runProgram } from './cli/program.ts';
import type { RecordStore } from './model/live/record-store.ts';
import { systemClock } from './platform/clock.ts';
import { type Config, ConfigError, readConfig } from './platform/config.ts';

/** Runs one command line; the exit code is one of `EXIT`. */
export async function run(argv: readonly string[]): Promise<number> {
  try {
    const config = readConfig();
    const io = createIo(config);
    const openRecord = (dataDirectory: string): Promise<RecordStore> => openRecordOf(config, dataDirectory);
    return await runProgram(createProgram(argv, { config, io, clock: systemClock, openRecord }), argv);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`vigie: ${error.message}\n`);
    return EXIT.usage;
  }
}

/** The store's drivers are loaded only by commands that use them. */
async function openRecordOf(config: Config, dataDirectory: string): Promise<RecordStore> {
  const { openRecordStore } = await import('./store/index.ts');
  const { databaseUrl } = config;
  return openRecordStore(
    databaseUrl === undefined
      ? { kind: 'sqlite', file: path.join(dataDirectory, 'record.db') }
      : { kind: 'postgres', url: databaseUrl },
    { clock: systemClock },
  );
}
