/** The process: argv in, exit code out. Everything is wired in `app.ts`. */
import { enableCompileCache } from 'node:module';

enableCompileCache();
const { run } = await import('./app.ts');
process.exitCode = await run(process.argv.slice(2));
