/** Entry of the thread that reads content: turns the compile cache on before the rest is loaded. */
import { enableCompileCache } from 'node:module';

enableCompileCache();
await import('./content-read.ts');
