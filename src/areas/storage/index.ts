/** The door of storage: what the event store holds, its backups, its exports, and how long it keeps what. */
export { backUp, restoreBackup } from './backup.ts';
export { type CheckReport, checkParts, setPartsAside, tellBrokenParts } from './check.ts';
export { exportEvents } from './export.ts';
export { applyRetention, planRetention, type RetentionReport } from './retention.ts';
export {
  checkRetention,
  DEFAULT_RETENTION_DAYS,
  MAX_RETENTION_DAYS,
  MIN_RETENTION_DAYS,
} from './retention-bounds.ts';
export { runRetention } from './retention-job.ts';
export { setRetention } from './set-retention.ts';
export { readStatus } from './status.ts';
export { createStorage, type Storage } from './storage.ts';
