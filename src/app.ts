/** Composition root: the only file (with `app/`) that constructs the pieces and hands them to each other. */

import { inspect } from 'node:util';
import { readContent } from './app/content.ts';
import { EXIT } from './cli/exit-codes.ts';
import { createIo } from './cli/io.ts';
import type { ProgramDeps } from './cli/program.ts';
import { createProgram, runProgram } from './cli/program.ts';
import { systemClock } from './platform/clock.ts';
import { ConfigError, readConfig } from './platform/config.ts';

/** Runs one command line; the exit code is one of `EXIT`. */
export async function run(argv: readonly string[]): Promise<number> {
  try {
    const config = readConfig();
    const io = createIo(config);
    const deps: ProgramDeps = {
      config,
      io,
      clock: systemClock,
      // What the other commands need none of is loaded when asked for.
      openRecord: async (directory) =>
        (await import('./app/record.ts')).openRecord(directory, config.databaseUrl),
      isServiceRunning: async (directory) => (await import('./app/socket.ts')).isServiceRunning(directory),
      openService: async (place) => (await import('./app/service.ts')).openService({ config, ...place }),
      async runLive(live, options) {
        const content = live.roles.includes('ingest') ? readContent(live) : undefined;
        // Told when it is waited for.
        content?.catch(() => {});
        const { runLive } = await import('./app/live.ts');
        return runLive(live, { ...options, ...(content === undefined ? {} : { content }) });
      },
      openStorage: async (live) => (await import('./app/storage.ts')).openStorage(live),
      receiverKinds: async () => (await import('./areas/ingest/index.ts')).RECEIVER_KINDS,
    };
    return await runProgram(await createProgram(argv, deps), argv);
  } catch (error) {
    if (error instanceof ConfigError) {
      process.stderr.write(`vigie: ${error.message}\n`);
      return EXIT.usage;
    }
    process.stderr.write(`vigie: ${isOfSystem(error) ? error.message : inspect(error)}\n`);
    return EXIT.internal;
  }
}

/** What the system refused (a full disk, a right that is missing) names what and where: a trace would only hide it. */
function isOfSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'errno' in error;
}
