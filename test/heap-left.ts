/** How much memory something leaves behind, for tests of what must not be kept. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** MiB kept once `use` is done; what holds it must be in use afterwards, too. */
export function heapLeft(use: () => void): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const used = (): number => {
    // Twice: memory outside the heap is given back beside, and by the next round at the latest.
    collect();
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return (heapUsed + arrayBuffers) / 2 ** 20;
  };
  const before = used();
  use();
  return used() - before;
}
