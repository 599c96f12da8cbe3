/** A detection rule: log source, search identifiers and conditions. Sigma 1.x aggregations are refused. */
import type { LogSource } from '../../model/event.ts';
import type { Condition, DetectionRule, RuleHead, Search } from '../../model/sigma.ts';
import { parseCondition } from './condition.ts';
import type { SearchContext } from './field.ts';
import { isMap, type RawRule } from './head.ts';
import { because, expected, type Report, shown } from './report.ts';
import { parseSearch } from './search.ts';
import type { Path } from './yaml.ts';

const NOT_SEARCHES = new Set(['condition', 'timeframe']);

/** Undefined after a refusal. */
export function parseDetection(
  raw: RawRule,
  head: RuleHead,
  context: SearchContext,
): DetectionRule | undefined {
  const { report } = context;
  const logsource = parseLogsource(raw.logsource, report);
  const body = parseBody(raw.detection, { path: ['detection'], apart: NOT_SEARCHES }, context);
  if (isMap(raw.detection) && raw.detection.timeframe !== undefined) {
    report.warn('SIGMA_TIMEFRAME', ['detection', 'timeframe']);
  }
  if (logsource === undefined || body === undefined || report.refusals.length > 0) return undefined;
  return { ...head, kind: 'detection', logsource, ...body, generates: true };
}

const MAP = expected('a map', 'une table');
const LOGSOURCE_KEYS = ['category', 'product', 'service', 'definition'] as const;

/** Values are lower case by the specification; others are folded, since that is what was meant. */
export function parseLogsource(value: unknown, report: Report): DetectionRule['logsource'] | undefined {
  if (value === undefined || value === null) {
    report.refuse('SIGMA_MISSING', [], { attribute: 'logsource' });
    return undefined;
  }
  if (!isMap(value)) {
    report.refuse('SIGMA_WRONG_TYPE', ['logsource'], MAP);
    return undefined;
  }
  const logsource: { -readonly [key in keyof LogSource]: string } & { definition?: string } = {};
  for (const [key, item] of Object.entries(value)) {
    const known = LOGSOURCE_KEYS.find((each) => each === key);
    if (known === undefined) report.warn('SIGMA_LOGSOURCE_KEY', ['logsource', key], { key });
    else if (item !== null && typeof item !== 'object') {
      logsource[known] = known === 'definition' ? String(item) : String(item).toLowerCase();
    } else if (item !== null) {
      report.refuse('SIGMA_WRONG_TYPE', ['logsource', key], expected('a text', 'un texte'));
    }
  }
  if (logsource.category ?? logsource.product ?? logsource.service) return logsource;
  const any = expected(
    'given with a category, a product or a service',
    'donné avec une catégorie, un produit ou un service',
  );
  report.refuse('SIGMA_WRONG_TYPE', ['logsource'], any);
  return undefined;
}

export interface Body {
  readonly searches: ReadonlyMap<string, Search>;
  readonly conditions: readonly Condition[];
}

interface BodyRequest {
  readonly path: Path;
  /** Keys that are not search identifiers. */
  readonly apart: ReadonlySet<string>;
}

/** The search identifiers and conditions of a `detection` or `filter` section. */
export function parseBody(value: unknown, request: BodyRequest, context: SearchContext): Body | undefined {
  const { report } = context;
  const { path } = request;
  if (!isMap(value)) {
    report.refuse('SIGMA_WRONG_TYPE', path, MAP);
    return undefined;
  }
  const names = Object.keys(value).filter((key) => !request.apart.has(key));
  if (names.length === 0) report.refuse('SIGMA_MISSING', path, { attribute: 'search identifier' });
  const searches = new Map<string, Search>();
  for (const name of names) {
    const search = parseSearch(value[name], [...path, name], context);
    if (search !== undefined) searches.set(name, search);
  }
  const conditions = parseConditions(value.condition, { names, path: [...path, 'condition'] }, report);
  return conditions === undefined ? undefined : { searches, conditions };
}

function parseConditions(
  value: unknown,
  request: { readonly names: readonly string[]; readonly path: Path },
  report: Report,
): Condition[] | undefined {
  if (value === undefined || value === null) {
    report.refuse('SIGMA_MISSING', request.path.slice(0, -1), { attribute: 'condition' });
    return undefined;
  }
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (texts.length === 0) report.refuse('SIGMA_EMPTY', request.path);
  const conditions: Condition[] = [];
  for (const [index, text] of texts.entries()) {
    const path = Array.isArray(value) ? [...request.path, index] : request.path;
    if (typeof text !== 'string') {
      report.refuse('SIGMA_WRONG_TYPE', path, expected('a text', 'un texte'));
      continue;
    }
    const parsed = parseCondition(text, request.names);
    if (parsed.problem === undefined) conditions.push(parsed.condition);
    else if (parsed.isAggregation === true) {
      report.refuse('SIGMA_AGGREGATION', path, { condition: shown(text), ...parsed.problem });
    } else
      report.refuse('SIGMA_CONDITION', path, {
        condition: shown(text),
        ...because('', ''),
        ...parsed.problem,
      });
  }
  return conditions.length === texts.length ? conditions : undefined;
}
