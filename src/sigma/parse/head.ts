/**
 * The attributes every kind of rule shares (sigma-rules-specification, "Components"). A wrong value of an attribute
 * that only describes the rule is reported and left out; the rule is loaded all the same. Attributes Sigma does not
 * know, and those that only concern people (`related`, `license`, `scope`…), go to `custom` untouched.
 */
import type { Bilingual } from '../../model/lang.ts';
import { LEVELS, type Level } from '../../model/level.ts';
import type { RuleHead } from '../../model/sigma.ts';
import { expected, type Report, shown } from './report.ts';
import type { YamlDocument } from './yaml.ts';

export type RawRule = Readonly<Record<string, unknown>>;

const STATUSES = ['stable', 'test', 'experimental', 'deprecated', 'unsupported'];

/** Taxonomies whose field names the matcher looks up: the source's own (Sigma's) and ECS. */
const TAXONOMIES = ['sigma', 'sigmahq', 'ecs'];

const READ_ELSEWHERE = new Set(['logsource', 'detection', 'correlation', 'filter', 'action']);
const HEAD_KEYS = new Set([
  'title',
  'id',
  'name',
  'description',
  'level',
  'status',
  'tags',
  'author',
  'date',
  'modified',
  'references',
  'falsepositives',
  'fields',
]);

export interface HeadContext {
  readonly report: Report;
  readonly document: YamlDocument;
  /** The id to use for a rule that has none. */
  readonly fallbackId: string;
}

/** The head; refusals (missing title, `unsupported`) are in the report. */
export function parseHead(raw: RawRule, { report, document, fallbackId }: HeadContext): RuleHead {
  if (raw.status === 'unsupported') report.refuse('SIGMA_UNSUPPORTED_STATUS', ['status']);
  checkTaxonomy(raw, report);
  const title = readText(raw, 'title', report);
  if (title === undefined) report.refuse('SIGMA_MISSING', [], { attribute: 'title' });
  const titles = titlesOf(raw);
  return {
    id: readText(raw, 'id', report) ?? fallbackId,
    ...optional('name', readText(raw, 'name', report)),
    title: title ?? '',
    ...(titles === undefined ? {} : { titles }),
    ...optional('description', readText(raw, 'description', report)),
    level: readLevel(raw, report),
    ...optional('status', readStatus(raw, report)),
    tags: readTexts(raw, 'tags', report),
    ...optional('author', readText(raw, 'author', report)),
    ...optional('date', readText(raw, 'date', report)),
    ...optional('modified', readText(raw, 'modified', report)),
    references: readTexts(raw, 'references', report),
    falsepositives: readTexts(raw, 'falsepositives', report),
    fields: readTexts(raw, 'fields', report),
    custom: customOf(raw),
    place: { path: report.path, line: document.locate([]).line },
  };
}

type OptionalKey = 'name' | 'description' | 'status' | 'author' | 'date' | 'modified';

function optional(key: OptionalKey, value: string | undefined): { [key in OptionalKey]?: string } {
  return value === undefined ? {} : { [key]: value };
}

function checkTaxonomy(raw: RawRule, report: Report): void {
  if (raw.taxonomy === undefined || raw.taxonomy === null) return;
  const taxonomy = String(raw.taxonomy).toLowerCase();
  if (!TAXONOMIES.includes(taxonomy)) report.warn('SIGMA_UNKNOWN_TAXONOMY', ['taxonomy'], { taxonomy });
}

function readText(raw: RawRule, key: string, report: Report): string | undefined {
  const value = raw[key];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  report.warn('SIGMA_ODD_ATTRIBUTE', [key], { attribute: key, ...expected('a text', 'un texte') });
  return undefined;
}

function readTexts(raw: RawRule, key: string, report: Report): string[] {
  const value = raw[key];
  if (value === undefined || value === null) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const texts = list.filter((item) => item !== null && typeof item !== 'object').map(String);
  if (texts.length !== list.length) {
    report.warn('SIGMA_ODD_ATTRIBUTE', [key], {
      attribute: key,
      ...expected('a list of texts', 'une liste de textes'),
    });
  }
  return texts;
}

/** A rule without a level (a building block of a correlation) is `medium`: seen, but not an alarm. */
function readLevel(raw: RawRule, report: Report): Level {
  if (raw.level === undefined || raw.level === null) return 'medium';
  const level = LEVELS.find((known) => known === String(raw.level).toLowerCase());
  if (level === undefined) report.warn('SIGMA_UNKNOWN_LEVEL', ['level'], { level: shown(raw.level) });
  return level ?? 'medium';
}

function readStatus(raw: RawRule, report: Report): string | undefined {
  const status = readText(raw, 'status', report);
  if (status !== undefined && !STATUSES.includes(status)) {
    report.warn('SIGMA_UNKNOWN_STATUS', ['status'], { status: shown(status) });
  }
  return status;
}

function customOf(raw: RawRule): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(raw).filter(([key]) => !HEAD_KEYS.has(key) && !READ_ELSEWHERE.has(key)),
  );
}

/** Our own rules: `vigie.title.{en,fr}`, or `title_fr` beside an English `title`. */
function titlesOf(raw: RawRule): Bilingual | undefined {
  if (isMap(raw.vigie) && isMap(raw.vigie.title)) {
    const { en, fr } = raw.vigie.title;
    if (typeof en === 'string' && typeof fr === 'string') return { en, fr };
  }
  if (typeof raw.title_fr === 'string' && typeof raw.title === 'string')
    return { en: raw.title, fr: raw.title_fr };
  return undefined;
}

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
