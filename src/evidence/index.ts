/** The door of the evidence engine: from scores to surprise, and surprise in words. Pure. */
export { sayRarity } from './rarity.ts';
export { bitsOf, type Calibrated, type Calibration, createTail, type Tail } from './tail.ts';
