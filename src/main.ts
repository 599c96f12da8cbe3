/** The process: argv in, exit code out. Everything is wired in `app.ts`. */
import { run } from './app.ts';

process.exitCode = await run(process.argv.slice(2));
