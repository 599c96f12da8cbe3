/** What the content thread does: sources and envelopes parsed, rules packed, or both from the cache; sent back. */
import { parentPort, workerData } from 'node:worker_threads';
import { loadLiveRules } from '../areas/anticipate/index.ts';
import type { LiveContent } from '../areas/ingest/index.ts';
import { createCache } from '../platform/cache.ts';
import { contentOf, loadSourceContent } from '../platform/content.ts';
import type { ContentPlaces } from './content.ts';

interface Read {
  readonly content: LiveContent;
  keep(): void;
}

async function read(places: ContentPlaces): Promise<Read> {
  const { overlay, cacheDirectory } = places;
  const content = contentOf(overlay);
  const { value, issues } = loadSourceContent(content, createCache(cacheDirectory, 'content'));
  const { refused, keep, ...rules } = await loadLiveRules({ ...places, content }, cacheDirectory);
  const refusals = refused.flatMap(({ reasons }) => reasons);
  // What a refusal rests on is often an issue of its file already.
  const all = [...issues, ...rules.issues, ...refusals];
  const once = new Map(all.map((issue) => [JSON.stringify(issue), issue]));
  return { content: { ...value, ...rules, issues: [...once.values()] }, keep };
}

const { content, keep } = await read(workerData as ContentPlaces);
parentPort?.postMessage(content);
// The service goes on with it meanwhile.
keep();
