/**
 * Entry of the thread that reads content: turns the compile cache on before the rest is loaded. It stands behind the
 * others (on Linux a priority is a thread's own): what opens the doors at a start, and what comes in at a reload, goes first.
 */
import { enableCompileCache } from 'node:module';
import { getPriority, setPriority } from 'node:os';

/** Niceness: a third of the time of one of the others, so that a flood does not keep rules from being read. */
const STANDS_BEHIND = 5;

if (process.platform === 'linux') {
  try {
    setPriority(0, Math.min(19, getPriority(0) + STANDS_BEHIND));
  } catch {
    // A system that forbids it only makes the start longer.
  }
}
enableCompileCache();
await import('./content-read.ts');
