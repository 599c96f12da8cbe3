/** Tells, once at each change, that a sender fell silent or speaks again; run it each minute. */
import type { Log } from '../../../platform/log.ts';
import type { Labels, Metrics } from '../../../platform/metrics.ts';
import { senderText } from './facts.ts';
import type { Sources } from './sources.ts';

export interface SilenceWatchDeps {
  readonly sources: Pick<Sources, 'silences'>;
  readonly log: Pick<Log, 'warn' | 'info'>;
  readonly metrics: Metrics;
}

export interface SilenceWatch {
  /** Judges every sender anew. @throws StoreError */
  watch(): Promise<void>;
  /** Another node watches: nothing is told by this one. */
  rest(): void;
}

export function createSilenceWatch({ sources, log, metrics }: SilenceWatchDeps): SilenceWatch {
  const gauge = metrics.gauge(
    'vigie_source_silent',
    'Whether a sender is silent for longer than its rhythm allows.',
  );
  const silent = new Map<string, Labels>();
  async function watch(): Promise<void> {
    for (const { receiver, peer, identity, silence } of await sources.silences()) {
      const text = senderText({ receiver, peer, identity });
      gauge.set(silence.isSilent ? 1 : 0, { receiver, peer, identity });
      if (silence.isSilent === silent.has(text)) continue;
      const who = { receiver, peer, ...(identity === '' ? {} : { identity }) };
      if (silence.isSilent) {
        silent.set(text, { receiver, peer, identity });
        const { sinceMillis, missedSeconds, usualSeconds, basis } = silence;
        const since = new Date(sinceMillis).toISOString();
        log.warn('a source is silent', { ...who, since, missedSeconds, usualSeconds, basis });
      } else {
        silent.delete(text);
        log.info('a source speaks again', who);
      }
    }
  }
  return {
    watch,
    rest() {
      for (const labels of silent.values()) gauge.set(0, labels);
      silent.clear();
    },
  };
}
