/** Makes two kinds of records deadly in worker threads, as a defect of ours would: one throws, one ends its thread. */
import { isMainThread } from 'node:worker_threads';

if (!isMainThread) {
  // Asked of every longer text beyond ASCII that is written into a column.
  const { isWellFormed } = String.prototype;
  Object.defineProperty(String.prototype, 'isWellFormed', {
    value() {
      if (this.includes('poison-throw')) throw new Error('a defect, for the test');
      if (this.includes('poison-exit')) process.exit(3);
      return isWellFormed.call(this);
    },
  });
}
