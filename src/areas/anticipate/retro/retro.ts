/**
 * Retro-hunting: Sigma rules run over stored events by the engine of the live flow, so that a rule that came late finds
 * what it would have found. The store prunes (`prune.ts`), the text is read again (`replay.ts`), the rest is matched.
 * Correlations are not run. One run at a time; it shares the service's thread, a page of events at a time.
 */
import { z } from 'zod';
import type { Issue } from '../../../model/issue.ts';
import type { EventStore } from '../../../model/live/event-store.ts';
import type { RecordStore } from '../../../model/live/record-store.ts';
import type { LiveSignal } from '../../../model/live/signal.ts';
import { writeSignalRow } from '../../../model/live/signal-row.ts';
import type { Retro, RetroReport, RetroRequest } from '../../../model/retro.ts';
import type { Found } from '../../../model/search.ts';
import type { Clock } from '../../../platform/clock.ts';
import { loadSourceContent } from '../../../platform/content.ts';
import type { Search } from '../../../store/index.ts';
import { packInThread } from '../rules/live-rules.ts';
import { CHOSEN, unpackDetections } from '../rules/rule-pack.ts';
import { createTimeReader, type MicrosSpan, spanOf } from '../search/span.ts';
import { isoOfMicros } from '../search/stored-event.ts';
import { planPasses } from './passes.ts';
import { prunedSources } from './prune.ts';
import { createReplay } from './replay.ts';
import { type Scanned, scanPast } from './scan.ts';

export interface RetroDeps {
  readonly record: Pick<RecordStore, 'change'>;
  readonly store: EventStore;
  readonly search: Search;
  readonly clock: Clock;
  readonly siteZone: string;
  /** Content directories: ours, then the site's. */
  readonly content: readonly string[];
}

/** Below what the API gives a request. */
const MOST = { seconds: 40, signals: 5_000 } as const;
/** Ids asked for at once. */
const IDS = 500;

export function createRetro(deps: RetroDeps): Retro {
  let isRunning = false;
  return {
    async run(request) {
      if (isRunning) return refused([{ code: 'RETRO_BUSY', place: {} }]);
      const resolveTime = createTimeReader(deps.clock.nowMillis() * 1_000, deps.siteZone);
      const { span, issues } = spanOf({ query: '', ...request }, resolveTime);
      if (span === undefined) return refused(issues);
      isRunning = true;
      try {
        return await runOver(span, request, deps);
      } finally {
        isRunning = false;
      }
    },
  };
}

function refused(issues: readonly Issue[]): Found<never> {
  return { kind: 'refused', issues };
}

async function runOver(
  span: MicrosSpan,
  request: RetroRequest,
  deps: RetroDeps,
): Promise<Found<RetroReport>> {
  const { clock, search, siteZone } = deps;
  const startedAt = clock.monotonicMillis();
  const { detections, correlations, issues } = await rulesOf(request);
  const rules = detections.filter(({ rule }) => rule.generates);
  if (rules.length === 0) return refused([{ code: 'RETRO_NO_RULE', place: {} }, ...issues]);
  const content = loadSourceContent(deps.content).value;
  const { passes, wideRules } = planPasses(rules, prunedSources(content.sources));
  const replay = createReplay({ ...content, siteZone });
  const scanned = await scanPast(span, { search, replay, passes, clock, most: MOST });
  const signals = [...scanned.signals.values()].toSorted((a, b) => b.atMicros - a.atMicros);
  const isKept = request.isKept && signals.length > 0;
  // Before they are stored: none is there without its entry.
  if (isKept)
    await noteKeep({ found: signals.length, rules: rules.map(({ rule }) => rule.id), span }, request, deps);
  const kept = isKept ? await keep(signals, deps) : 0;
  return {
    kind: 'found',
    value: {
      span: { from: isoOfMicros(span.fromMicros), to: isoOfMicros(span.toMicros) },
      ...whereItStopped(scanned, span),
      rules: rules.length,
      wideRules,
      correlations: correlations + detections.length - rules.length,
      issues,
      events: scanned.events,
      unreadEvents: scanned.unreadEvents,
      matchedEvents: scanned.matchedEvents,
      signals,
      kept,
      seconds: (clock.monotonicMillis() - startedAt) / 1_000,
    },
  };
}

function whereItStopped(
  { cut, reachedMicros }: Scanned,
  span: MicrosSpan,
): Pick<RetroReport, 'cut' | 'next'> {
  if (cut === undefined || reachedMicros <= span.fromMicros) return {};
  return { cut, next: isoOfMicros(reachedMicros) };
}

async function rulesOf({ rules, placeholders }: RetroRequest) {
  const { head, packed } = await packInThread({ files: rules, placeholders });
  const chosen = new Uint8Array(head.briefs.length).fill(CHOSEN.yes);
  return {
    detections: unpackDetections({ ...packed, chosen }),
    correlations: head.correlations.length,
    issues: head.refused.flatMap(({ reasons }) => reasons),
  };
}

/** Ids named in an entry of the journal; their number is there in any case. */
const RULES_NAMED = 100;

async function noteKeep(
  {
    found,
    rules,
    span,
  }: { readonly found: number; readonly rules: readonly string[]; readonly span: MicrosSpan },
  { actor }: RetroRequest,
  { record }: RetroDeps,
): Promise<void> {
  const details = {
    found,
    rules: rules.length,
    ruleIds: rules.slice(0, RULES_NAMED),
    from: isoOfMicros(span.fromMicros),
    to: isoOfMicros(span.toMicros),
  };
  const note = { action: 'retro.keep', subject: 'signals', details };
  await record.change(actor, async () => ({ value: undefined, notes: [note] }));
}

/** Stores those that are not there; readers show a signal once in any case. */
async function keep(signals: readonly LiveSignal[], { store, clock }: RetroDeps): Promise<number> {
  let kept = 0;
  const run = `retro ${clock.nowMillis()}`;
  for (let at = 0; at < signals.length; at += IDS) {
    const some = signals.slice(at, at + IDS);
    const ids = some.map(({ id }) => id);
    const times = some.map(({ atMicros }) => atMicros);
    const params = { ids, kind: 'sigma', from: Math.min(...times), to: Math.max(...times) + 1 };
    const stored = await store.query('signals-known', params, z.object({ id: z.string() }));
    const known = new Set(stored.map(({ id }) => id));
    const fresh = some.filter(({ id }) => !known.has(id));
    if (fresh.length === 0) continue;
    const rows = Buffer.from(`${fresh.map(writeSignalRow).join('\n')}\n`);
    await store.insert('signals', rows, `${run} ${at}`);
    kept += fresh.length;
  }
  return kept;
}
