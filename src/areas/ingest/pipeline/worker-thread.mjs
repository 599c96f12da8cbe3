/**
 * Entry of a worker's thread: turns the compile cache on before the rest is loaded. Plain JavaScript on purpose: the
 * cache also keeps what TypeScript was turned into.
 */
import { enableCompileCache } from 'node:module';

enableCompileCache();
await import('./worker-loop.ts');
