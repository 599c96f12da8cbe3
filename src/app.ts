/** Composition root: the only file that constructs the pieces and hands them to each other. */

import { EXIT } from './cli/exit-codes.ts';
import { createIo } from './cli/io.ts';
import { createProgram, runProgram } from './cli/program.ts';
import { systemClock } from './platform/clock.ts';
import { ConfigError, readConfig } from './platform/config.ts';

/** Runs one command line; the exit code is one of `EXIT`. */
export async function run(argv: readonly string[]): Promise<number> {
  try {
    const config = readConfig();
    const io = createIo(config);
    return await runProgram(createProgram(argv, { config, io, clock: systemClock }), argv);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`vigie: ${error.message}\n`);
    return EXIT.usage;
  }
}
