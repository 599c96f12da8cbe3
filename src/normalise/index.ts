/**
 * The door of normalise: content (sources, envelopes) compiled into an interpreter that makes records Events. It does
 * not read content files, decode bytes or match rules.
 */

export { createGlancer, type Glanced, type GlancePlan, type Glancer } from './glance.ts';
export { createJsonClassifier } from './json-classifier.ts';
export { type CarriedDecoder, compileContent, type Normaliser } from './normaliser.ts';
export { parseTime, type TimeContext } from './time.ts';
