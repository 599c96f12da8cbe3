/**
 * The content the live service runs on, read in a thread of its own: beside the loading of the service's code and the
 * opening of its stores at the start, and beside everything that runs at a reload.
 */
import { Worker } from 'node:worker_threads';
import type { LiveContent } from '../areas/ingest/index.ts';
import type { LiveConfig } from '../platform/live-config.ts';

export type ContentPlaces = Pick<
  LiveConfig,
  'ruleSets' | 'ownRules' | 'placeholders' | 'overlay' | 'cacheDirectory'
>;

export function readContent(config: ContentPlaces): Promise<LiveContent> {
  const { ruleSets, ownRules, placeholders, overlay, cacheDirectory } = config;
  const workerData: ContentPlaces = { ruleSets, ownRules, placeholders, overlay, cacheDirectory };
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL('./content-thread.mjs', import.meta.url), { workerData });
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', (code) => reject(new Error(`the content could not be read (thread ended, ${code})`)));
  });
}
