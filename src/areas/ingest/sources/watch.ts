/** Tells, once at each change, that a sender fell silent or speaks again; run it each minute. */
import type { Log } from '../../../platform/log.ts';
import type { Metrics } from '../../../platform/metrics.ts';
import { senderText } from './facts.ts';
import type { Sources } from './sources.ts';

export interface SilenceWatchDeps {
  readonly sources: Pick<Sources, 'silences'>;
  readonly log: Pick<Log, 'warn' | 'info'>;
  readonly metrics: Metrics;
}

/** @returns what judges every sender anew. @throws StoreError */
export function createSilenceWatch({ sources, log, metrics }: SilenceWatchDeps): () => Promise<void> {
  const gauge = metrics.gauge(
    'vigie_source_silent',
    'Whether a sender is silent for longer than its rhythm allows.',
  );
  const silent = new Set<string>();
  return async () => {
    for (const { receiver, peer, identity, silence } of await sources.silences()) {
      const text = senderText({ receiver, peer, identity });
      gauge.set(silence.isSilent ? 1 : 0, { receiver, peer, identity });
      if (silence.isSilent === silent.has(text)) continue;
      const who = { receiver, peer, ...(identity === '' ? {} : { identity }) };
      if (silence.isSilent) {
        silent.add(text);
        const { sinceMillis, missedSeconds, usualSeconds, basis } = silence;
        const since = new Date(sinceMillis).toISOString();
        log.warn('a source is silent', { ...who, since, missedSeconds, usualSeconds, basis });
      } else {
        silent.delete(text);
        log.info('a source speaks again', who);
      }
    }
  };
}
