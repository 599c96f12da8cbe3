/** The door of `ingest`: what takes deliveries in and brings them to the event store. */
export { createDeadLetters } from './dead-letters/dead-letters.ts';
export { RECEIVER_KINDS } from './receivers/registry.ts';
export type { LiveContent } from './service/content.ts';
export { type Ingest, type IngestDeps, startIngest } from './service/ingest.ts';
export { createSources, type Sources } from './sources/sources.ts';
export { createSilenceWatch } from './sources/watch.ts';
