/**
 * Entry of a reading thread: turns the compile cache on before the rest is loaded. Plain JavaScript on purpose: the
 * cache also keeps what TypeScript was turned into, and loading what turns it takes a tenth of a second and 17 MB.
 */
import { enableCompileCache } from 'node:module';

enableCompileCache();
await import('./lane-loop.ts');
