/**
 * Runs records through the real path, the slow and plain way: codec, normalise, reference matcher, correlator. For
 * tests of content; the hunt has its own, faster path with the same results.
 */
import { Buffer } from 'node:buffer';
import { createDecoder } from '../src/codecs/index.ts';
import type { Event, LogRecord } from '../src/model/event.ts';
import type { CorrelationRule, DetectionRule } from '../src/model/sigma.ts';
import { compileContent, type Normaliser } from '../src/normalise/index.ts';
import { loadSourceContent, SHIPPED_CONTENT } from '../src/platform/content.ts';
import { createCorrelator, type RuleSet } from '../src/sigma/index.ts';
import { bindingsFor } from '../src/sigma/match/applies.ts';
import { referenceMatches } from '../src/sigma/match/reference.ts';
import { leafText, ownName, readValues } from '../src/sigma/match/values.ts';
import type { CaseRecord } from './rule-content.ts';

const TIME = { siteZone: 'Europe/Paris', referenceMicros: Date.parse('2026-12-31T00:00:00Z') * 1000 };

/** Sources and envelopes as shipped. */
export function shippedNormaliser(): Normaliser {
  const { value } = loadSourceContent([SHIPPED_CONTENT]);
  return compileContent(value.sources, value.envelopes, decodeOne).value;
}

function decodeOne(line: string): LogRecord | undefined {
  return decode(line, 'carried').at(0);
}

/** Neighbours of one kind are one file: raw lines as they are, objects as JSON lines. */
export function eventsOf(records: readonly CaseRecord[], normaliser: Normaliser): Event[] {
  const files: { isRaw: boolean; lines: string[] }[] = [];
  for (const record of records) {
    const isRaw = typeof record === 'string';
    const line = isRaw ? record : JSON.stringify(record);
    const last = files.at(-1);
    if (last?.isRaw === isRaw) last.lines.push(line);
    else files.push({ isRaw, lines: [line] });
  }
  return files
    .flatMap((file, index) => decode(`${file.lines.join('\n')}\n`, `case-${index + 1}`))
    .flatMap((record) => {
      const outcome = normaliser.normalise(record, TIME);
      return outcome.kind === 'ok' ? [outcome.value] : [];
    });
}

function decode(text: string, path: string): LogRecord[] {
  const records: LogRecord[] = [];
  const decoder = createDecoder({ path }, { record: (record) => records.push(record), issue: () => {} });
  decoder.push(Buffer.from(text));
  decoder.end();
  return records;
}

/** Ids of the rules that speak (alone or as correlations) on these events. */
export function firedBy(set: RuleSet, events: readonly Event[]): Set<string> {
  const detections = set.rules.filter((rule): rule is DetectionRule => rule.kind === 'detection');
  const correlations = set.rules.filter((rule): rule is CorrelationRule => rule.kind === 'correlation');
  const correlator = createCorrelator(correlations, { latenessSeconds: Number.POSITIVE_INFINITY });
  const fired = new Set<string>();
  for (const [order, event] of events.entries()) {
    for (const rule of detections) {
      if (!referenceMatches(rule, event)) continue;
      if (rule.generates) fired.add(rule.id);
      const groupValue = (field: string): string | undefined => firstText(rule, event, field);
      correlator.push({ ruleId: rule.id, atMicros: event.time?.epochMicros, groupValue, ref: order, order });
    }
  }
  correlator.flush();
  for (const match of correlator.take()) fired.add(match.rule.id);
  return fired;
}

function firstText(rule: DetectionRule, event: Event, field: string): string | undefined {
  const [binding = { rename: {} }] = bindingsFor(rule.logsource, event.kind);
  const { leaves } = readValues(event, ownName(binding, field));
  return leaves.map(leafText).find((text) => text !== undefined);
}
