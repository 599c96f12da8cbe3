/** The door of the inventory: what the hospital has, who works in it, and how much care depends on it. */
export { type CollectDeps, collectSightings } from './collect.ts';
export { exportInventory } from './export.ts';
export {
  type ImportResult,
  type InventoryDeps,
  importInventory,
  type UndoResult,
  undoImport,
} from './imports.ts';
export { createInventoryIndex, type InventoryIndex, type KnownEntity } from './lookup.ts';
export { createPlaces } from './places.ts';
export { MAX_FILE_BYTES } from './read.ts';
export { listCandidates, recordSightings } from './sightings.ts';
