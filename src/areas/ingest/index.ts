/** The door of `ingest`: what takes deliveries in and brings them to the event store. */
export { RECEIVER_KINDS } from './receivers/registry.ts';
export { openSpool, type Spool, type SpoolOptions, type SpoolStats } from './spool/spool.ts';
