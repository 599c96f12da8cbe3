/** Entry of a reading thread: turns the compile cache on before the rest is loaded, which halves the start. */
import { enableCompileCache } from 'node:module';

enableCompileCache();
await import('./lane-loop.ts');
