/**
 * A correlation rule as written (sigma-correlation-rules-specification), its references not yet resolved: that needs
 * the whole set (`resolve.ts`). The condition of a temporal correlation may also be an expression over its rules
 * (`rule_a and not rule_b`), as in pySigma; in `temporal_ordered` only a chain of `and` has an order.
 */
import type { Condition, CorrelationRule, CorrelationType, RuleHead } from '../../model/sigma.ts';
import { parseCondition } from './condition.ts';
import { isMap, type RawRule } from './head.ts';
import { because, expected, type Report, shown } from './report.ts';
import type { Path } from './yaml.ts';

export interface CorrelationDraft {
  readonly head: RuleHead;
  readonly type: CorrelationType;
  /** Ids or names as written. */
  readonly references: readonly string[];
  readonly groupBy: readonly string[];
  /** alias → reference as written → field */
  readonly aliases: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly timespanSeconds: number;
  readonly condition?: NonNullable<CorrelationRule['condition']>;
  /** Over references as written. */
  readonly expression?: Condition;
  /** Whether the rules referred to also stand on their own. */
  readonly generatesParts: boolean;
}

const TYPES: readonly CorrelationType[] = [
  'event_count',
  'value_count',
  'value_sum',
  'value_avg',
  'value_percentile',
  'temporal',
  'temporal_ordered',
];
const KEYS = ['type', 'rules', 'group-by', 'timespan', 'condition', 'aliases', 'generate'];
const AT: Path = ['correlation'];

/** Undefined after a refusal. */
export function parseCorrelation(raw: RawRule, head: RuleHead, report: Report): CorrelationDraft | undefined {
  const { correlation } = raw;
  if (!isMap(correlation)) {
    report.refuse('SIGMA_WRONG_TYPE', AT, expected('a map', 'une table'));
    return undefined;
  }
  for (const key of Object.keys(correlation)) {
    if (KEYS.includes(key)) continue;
    refuse(report, [key], `unknown key \`${key}\``, `clé inconnue \`${key}\``);
  }
  const type = TYPES.find((known) => known === correlation.type);
  if (type === undefined) {
    refuse(
      report,
      ['type'],
      `unknown type \`${shown(correlation.type)}\``,
      `type inconnu \`${shown(correlation.type)}\``,
    );
    return undefined;
  }
  const tested = parseTest(correlation, type, report);
  const references = parseReferences(correlation.rules, tested, report);
  const draft: CorrelationDraft = {
    head,
    type,
    references,
    groupBy: parseGroupBy(correlation['group-by'], report),
    aliases: parseAliases(correlation.aliases, references, report),
    timespanSeconds: parseTimespan(correlation.timespan, report),
    ...(tested.condition === undefined ? {} : { condition: tested.condition }),
    ...(tested.expression === undefined ? {} : { expression: tested.expression }),
    generatesParts: parseGenerate(correlation.generate, report),
  };
  warnOfAliases(draft, report);
  return report.refusals.length > 0 ? undefined : draft;
}

function refuse(report: Report, path: Path, en: string, fr: string): void {
  report.refuse('SIGMA_CORRELATION', [...AT, ...path], because(en, fr));
}

interface Tested {
  readonly condition?: NonNullable<CorrelationRule['condition']>;
  readonly expression?: Condition;
  /** References named by the expression, in order. */
  readonly named: readonly string[];
}

function parseTest(correlation: RawRule, type: CorrelationType, report: Report): Tested {
  const isTemporal = type === 'temporal' || type === 'temporal_ordered';
  const { condition } = correlation;
  if (typeof condition === 'string' && isTemporal) return parseExpression(condition, type, report);
  if (condition === undefined || condition === null) {
    if (!isTemporal) refuse(report, ['condition'], 'a condition is needed', 'il faut une condition');
    return { named: [] };
  }
  if (!isMap(condition)) {
    refuse(report, ['condition'], 'the condition must be a map', 'la condition doit être une table');
    return { named: [] };
  }
  return { condition: parseThresholds(condition, type, report), named: [] };
}

function parseExpression(text: string, type: CorrelationType, report: Report): Tested {
  const words = (text.match(/[^\s()]+/g) ?? []).filter((word) => !/^(and|or|not)$/i.test(word));
  const named = [...new Set(words)];
  const parsed = parseCondition(text, named);
  if (parsed.problem !== undefined) {
    report.refuse('SIGMA_CONDITION', [...AT, 'condition'], {
      condition: shown(text),
      ...because('is not an expression over rules', 'n’est pas une expression sur des règles'),
      ...parsed.problem,
    });
    return { named };
  }
  if (type === 'temporal') return { expression: parsed.condition, named };
  const { condition } = parsed;
  const isChain =
    condition.kind === 'ref' ||
    (condition.kind === 'and' &&
      condition.items.every((item) => item.kind === 'ref') &&
      named.length === words.length);
  if (!isChain) {
    refuse(
      report,
      ['condition'],
      'in `temporal_ordered` only a chain of `and` has an order',
      'dans `temporal_ordered`, seule une suite de `and` a un ordre',
    );
  }
  return { named };
}

const OPERATORS = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq'] as const;

type Thresholds = NonNullable<CorrelationRule['condition']>;

function parseThresholds(condition: RawRule, type: CorrelationType, report: Report): Thresholds {
  const bounds: Partial<Record<(typeof OPERATORS)[number], number>> = {};
  for (const [key, value] of Object.entries(condition)) {
    const operator = OPERATORS.find((known) => known === key);
    if (operator !== undefined) {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      if (typeof number === 'number' && Number.isFinite(number)) bounds[operator] = number;
      else refuse(report, ['condition', key], `\`${key}\` needs a number`, `\`${key}\` demande un nombre`);
    } else if (key !== 'field' && key !== 'percentile') {
      refuse(report, ['condition', key], `unknown criterion \`${key}\``, `critère inconnu \`${key}\``);
    }
  }
  if (Object.keys(bounds).length === 0) {
    refuse(
      report,
      ['condition'],
      'no gt, gte, lt, lte, eq or neq given',
      'ni gt, gte, lt, lte, eq, ni neq donné',
    );
  }
  const fields = parseFields(condition.field, type, report);
  const percentile = parsePercentile(condition.percentile, type, report);
  return { ...bounds, fields, ...(percentile === undefined ? {} : { percentile }) };
}

function parseFields(value: unknown, type: CorrelationType, report: Report): string[] {
  const path = ['condition', 'field'];
  const fields = value === undefined ? [] : Array.isArray(value) ? (value as unknown[]) : [value];
  if (!fields.every((field) => typeof field === 'string' && field !== '')) {
    refuse(report, path, '`field` must be a field name', '`field` doit être un nom de champ');
    return [];
  }
  const isValue = type.startsWith('value_');
  if (isValue && fields.length === 0)
    refuse(report, path, `\`${type}\` needs a \`field\``, `\`${type}\` demande un \`field\``);
  if (!isValue && fields.length > 0)
    refuse(report, path, `\`${type}\` takes no \`field\``, `\`${type}\` n’a pas de \`field\``);
  if (isValue && type !== 'value_count' && fields.length > 1) {
    refuse(report, path, `\`${type}\` takes one field`, `\`${type}\` prend un seul champ`);
  }
  return fields as string[];
}

function parsePercentile(value: unknown, type: CorrelationType, report: Report): number | undefined {
  if (value === undefined) return undefined;
  if (type === 'value_percentile' && typeof value === 'number' && value > 0 && value <= 100) return value;
  refuse(
    report,
    ['condition', 'percentile'],
    '`percentile` is for `value_percentile`, above 0 and up to 100',
    '`percentile` est pour `value_percentile`, au-dessus de 0 et jusqu’à 100',
  );
  return undefined;
}

function parseReferences(value: unknown, tested: Tested, report: Report): string[] {
  if (value === undefined && tested.named.length > 0) return [...tested.named];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const references = list.filter((item) => typeof item === 'string' && item !== '') as string[];
  if (references.length === 0 || references.length !== list.length) {
    refuse(
      report,
      ['rules'],
      '`rules` must list ids or names of rules',
      '`rules` doit lister des ids ou noms de règles',
    );
    return [];
  }
  if (new Set(references).size !== references.length) {
    refuse(report, ['rules'], 'a rule is listed twice', 'une règle est listée deux fois');
  }
  const stray = tested.named.find((name) => !references.includes(name));
  if (stray !== undefined) {
    refuse(
      report,
      ['condition'],
      `\`${stray}\` is not in \`rules\``,
      `\`${stray}\` n’est pas dans \`rules\``,
    );
  }
  const unused =
    tested.named.length === 0 ? undefined : references.find((each) => !tested.named.includes(each));
  if (unused !== undefined) {
    refuse(
      report,
      ['condition'],
      `\`${unused}\` is not in the condition`,
      `\`${unused}\` n’est pas dans la condition`,
    );
  }
  return tested.named.length > 0 && tested.expression === undefined ? [...tested.named] : references;
}

function parseGroupBy(value: unknown, report: Report): string[] {
  if (value === undefined || value === null) return [];
  const fields: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (fields.every((field) => typeof field === 'string' && field !== ''))
    return [...new Set(fields as string[])];
  refuse(report, ['group-by'], '`group-by` must list fields', '`group-by` doit lister des champs');
  return [];
}

function parseAliases(
  value: unknown,
  references: readonly string[],
  report: Report,
): Map<string, ReadonlyMap<string, string>> {
  const aliases = new Map<string, ReadonlyMap<string, string>>();
  if (value === undefined || value === null) return aliases;
  if (!isMap(value)) {
    refuse(report, ['aliases'], '`aliases` must be a map', '`aliases` doit être une table');
    return aliases;
  }
  for (const [alias, fields] of Object.entries(value)) {
    if (
      !isMap(fields) ||
      !Object.values(fields).every((field) => typeof field === 'string' && field !== '')
    ) {
      refuse(
        report,
        ['aliases', alias],
        `alias \`${alias}\` must map rules to fields`,
        `l’alias \`${alias}\` doit associer des règles à des champs`,
      );
      continue;
    }
    for (const reference of Object.keys(fields)) {
      if (references.includes(reference)) continue;
      report.warn('SIGMA_ALIAS', [...AT, 'aliases', alias, reference], {
        alias,
        ...because(`\`${reference}\` is not in \`rules\``, `\`${reference}\` n’est pas dans \`rules\``),
      });
    }
    aliases.set(alias, new Map(Object.entries(fields) as [string, string][]));
  }
  return aliases;
}

/** A rule an alias says nothing of is read under the alias's own name, which is seldom meant. */
function warnOfAliases(draft: CorrelationDraft, report: Report): void {
  for (const [alias, fields] of draft.aliases) {
    const missing = draft.references.find((reference) => !fields.has(reference));
    if (missing === undefined) continue;
    report.warn('SIGMA_ALIAS', [...AT, 'aliases', alias], {
      alias,
      ...because(`says nothing of rule \`${missing}\``, `ne dit rien de la règle \`${missing}\``),
    });
  }
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

function parseTimespan(value: unknown, report: Report): number {
  const found = typeof value === 'string' ? /^(\d{1,7})([smhdw])$/.exec(value.trim()) : null;
  const seconds = Number(found?.[1] ?? 0) * (UNIT_SECONDS[found?.[2] ?? ''] ?? 0);
  if (seconds > 0 && seconds <= 3660 * 86_400) return seconds;
  refuse(
    report,
    ['timespan'],
    '`timespan` must be a number and s, m, h or d, such as 90m',
    '`timespan` doit être un nombre suivi de s, m, h ou d, par exemple 90m',
  );
  return 1;
}

function parseGenerate(value: unknown, report: Report): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value !== 'boolean')
    refuse(report, ['generate'], '`generate` must be true or false', '`generate` doit être true ou false');
  return value === true;
}
