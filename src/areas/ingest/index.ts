/** The door of `ingest`: what takes deliveries in and brings them to the event store. */
export { openSpool, type Spool, type SpoolOptions, type SpoolStats } from './spool/spool.ts';
