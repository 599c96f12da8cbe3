/** The door of storage: what the event store holds, its backups, its exports, and how long it keeps what. */
export { backUp, restoreBackup } from './backup.ts';
export { type CheckReport, checkParts, setPartsAside, tellBrokenParts } from './check.ts';
export { exportEvents } from './export.ts';
export { addHold, releaseHold } from './holds.ts';
export { applyRetention } from './retention.ts';
export { runRetention } from './retention-job.ts';
export { type RetentionChange, readRetention, setRetention } from './retention-settings.ts';
export { readStatus } from './status.ts';
export { createStorage, type Storage } from './storage.ts';
