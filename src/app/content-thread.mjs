/**
 * Entry of the thread that reads content: turns the compile cache on before the rest is loaded. It stands behind the
 * others (on Linux a priority is a thread's own): what opens the doors at a start, and what comes in at a reload, goes first.
 */
import { enableCompileCache } from 'node:module';
import { constants, setPriority } from 'node:os';

if (process.platform === 'linux') {
  try {
    setPriority(0, constants.priority.PRIORITY_LOW);
  } catch {
    // A system that forbids it only makes the start longer.
  }
}
enableCompileCache();
await import('./content-read.ts');
