/** Makes two kinds of records deadly in worker threads, as a defect of ours would: one throws, one ends its thread. */
import { isMainThread } from 'node:worker_threads';

if (!isMainThread) {
  const stringify = JSON.stringify;
  JSON.stringify = (value, ...more) => {
    if (typeof value === 'string' && value.includes('poison-throw'))
      throw new Error('a defect, for the test');
    if (typeof value === 'string' && value.includes('poison-exit')) process.exit(3);
    return stringify(value, ...more);
  };
}
