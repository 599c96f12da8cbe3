/**
 * Runs correlations over the matches that the reading threads gave back, once all of them are there: in event time,
 * whatever file or thread they came from. What a correlation rests on is told with it.
 */
import type { EventKind, FieldValue } from '../../../model/event.ts';
import type { SignalSample } from '../../../model/hunt.ts';
import type { CorrelationRule } from '../../../model/sigma.ts';
import { toSignalRow } from '../../../model/signal-row.ts';
import { type CorrelationMatch, createCorrelator } from '../../../sigma/index.ts';
import { type RowFormat, rowText } from '../export/writer.ts';
import type { LoadedRules } from '../rules/load-rule-sets.ts';
import { isoOf } from './iso.ts';
import type { CorrelationRow } from './protocol.ts';
import { type Tally, tallyIssue, tallyMatch } from './tally.ts';

/** Events of a correlation named in its sample. */
const MOST_REFS = 20;

/** Rule id → the fields that correlations read from its events (group-by, aliases, values). */
export function fieldsForCorrelations(correlations: readonly CorrelationRule[]): Map<string, string[]> {
  const byId = new Map(correlations.map((rule) => [rule.id, rule]));
  const fields = new Map<string, Set<string>>();
  function add(id: string, names: readonly string[]): void {
    const rule = byId.get(id);
    if (rule !== undefined) {
      for (const inner of rule.ruleIds) add(inner, names);
      return;
    }
    const known = fields.get(id) ?? new Set<string>();
    for (const name of names) known.add(name);
    fields.set(id, known);
  }
  for (const rule of correlations) {
    const aliased = [...rule.aliases.values()].flatMap((byRule) => [...byRule.values()]);
    const names = [...rule.groupBy, ...(rule.condition?.fields ?? []), ...aliased];
    for (const id of rule.ruleIds) add(id, names);
  }
  return new Map([...fields].map(([id, names]) => [id, [...names]]));
}

export interface CorrelationStage {
  readonly rules: Pick<LoadedRules, 'briefs' | 'correlations'>;
  readonly rows: readonly CorrelationRow[];
  readonly tally: Tally;
  readonly rowFormat: RowFormat | undefined;
  onRows(text: string): Promise<void>;
}

export async function correlateRows(stage: CorrelationStage): Promise<void> {
  const { rules, tally } = stage;
  const { correlations, briefs } = rules;
  if (correlations.length === 0) return;
  const correlator = createCorrelator(correlations, { latenessSeconds: 0, maxRefs: MOST_REFS });
  const rows = [...stage.rows].sort(inOrder);
  const files = new Map([...new Set(rows.map((row) => row.path))].sort().map((path, index) => [path, index]));
  for (const row of rows) {
    correlator.push({
      ruleId: row.ruleId,
      atMicros: row.micros,
      groupValue: (field) => row.values[field],
      ref: row,
      // The rank of an event among those of its instant: by file, then by place in it.
      order: (files.get(row.path) ?? 0) * 2 ** 40 + row.offset,
    });
  }
  correlator.flush();
  const indexes = new Map(correlations.map((rule, index) => [rule.id, briefs.length + index]));
  for (const match of correlator.take()) {
    const ruleIndex = indexes.get(match.rule.id);
    if (ruleIndex === undefined) continue;
    const sample = toSample(match);
    const { host, user, path, offset } = sample;
    const { level } = match.rule;
    tallyMatch(tally, { ruleIndex, level, micros: match.atMicros, host, user, path, offset }, () => sample);
    if (stage.rowFormat !== undefined) await stage.onRows(rowText(stage.rowFormat, toRow(match, sample)));
  }
  for (const issue of correlator.issues()) tallyIssue(tally, issue);
}

function inOrder(a: CorrelationRow, b: CorrelationRow): number {
  return a.micros - b.micros || (a.path < b.path ? -1 : a.path > b.path ? 1 : a.offset - b.offset);
}

function toSample(match: CorrelationMatch): SignalSample {
  const refs = match.refs as readonly CorrelationRow[];
  const last = refs.at(-1);
  return {
    at: isoOf(match.atMicros),
    host: onlyValue(refs.map((ref) => ref.host)),
    user: onlyValue(refs.map((ref) => ref.user)),
    path: last?.path ?? '',
    offset: last?.offset ?? 0,
    deciding: [
      ...Object.entries(match.group).map(([field, value]) => ({ field, value })),
      { field: match.rule.type, value: valueText(match) },
    ],
    fields: fieldsOf(match, refs),
  };
}

/** The value all share; empty when there are several: the group says which it is about. */
function onlyValue(values: readonly string[]): string {
  const distinct = new Set(values.filter((value) => value !== ''));
  const [only] = distinct;
  return distinct.size === 1 && only !== undefined ? only : '';
}

function valueText(match: CorrelationMatch): string {
  return Number.isInteger(match.value) ? String(match.value) : match.value.toFixed(2);
}

function fieldsOf(match: CorrelationMatch, refs: readonly CorrelationRow[]): Record<string, string> {
  const fields: Record<string, string> = { ...match.group };
  fields['correlation.value'] = valueText(match);
  fields['correlation.events'] = String(match.eventCount);
  fields['correlation.first'] = isoOf(match.firstMicros);
  fields['correlation.last'] = isoOf(match.lastMicros);
  refs.forEach((ref, index) => {
    const values = Object.entries(ref.values).map(([name, value]) => `${name}=${value}`);
    const place = `${ref.path}@${ref.offset}`;
    fields[`correlation.event.${index + 1}`] = [isoOf(ref.micros), ref.host, ...values, place].join(' ');
  });
  return fields;
}

const NO_KIND: EventKind = { sourceId: 'correlation', sourceVersion: 1, bindings: [], ecsNames: [] };

function toRow(match: CorrelationMatch, sample: SignalSample): ReturnType<typeof toSignalRow> {
  const { rule } = match;
  return toSignalRow({
    rule,
    deciding: sample.deciding,
    event: {
      kind: NO_KIND,
      time: { epochMicros: match.atMicros, iso: sample.at, assumed: [] },
      ecs: { 'host.name': sample.host, 'user.name': sample.user },
      fields: sample.fields as Record<string, FieldValue>,
      origin: { path: sample.path, offset: sample.offset },
      format: 'text',
    },
  });
}
