/**
 * Threat intelligence on the event path: the index a worker has now, and the signals of an event. Hits that warning lists
 * suppress make no signal and are counted by list. Another index may come at any time, between two events.
 */
import { createIntelMatcher, type IntelMatcher, intelSignal, openIntelIndex } from '../../../intel/index.ts';
import type { Event } from '../../../model/event.ts';
import type { IntelBuffers } from '../../../model/live/intel.ts';
import type { LiveSignal } from '../../../model/live/signal.ts';

export interface IntelSignals {
  use(buffers: IntelBuffers | undefined): void;
  of(
    event: Event,
    at: { readonly node: number; readonly seq: number; readonly receivedAtMillis: number },
  ): readonly LiveSignal[];
  /** Warning list → hits it suppressed since the last call. */
  takeSuppressed(): ReadonlyMap<string, number>;
}

const NONE: readonly LiveSignal[] = [];

export function createIntelSignals(): IntelSignals {
  let matcher: IntelMatcher | undefined;
  let suppressed = new Map<string, number>();
  return {
    use(buffers) {
      matcher = buffers === undefined ? undefined : createIntelMatcher(openIntelIndex(buffers));
    },
    of(event, { node, seq, receivedAtMillis }) {
      const hits = matcher?.match(event);
      if (hits === undefined || hits.length === 0) return NONE;
      const atMicros = event.time?.epochMicros ?? receivedAtMillis * 1000;
      const context = { ref: { node, seq }, atMicros, ecs: event.ecs };
      return hits.flatMap((hit) => {
        if (hit.warning?.action !== 'suppress') return [intelSignal(hit, context)];
        const { listId } = hit.warning;
        suppressed.set(listId, (suppressed.get(listId) ?? 0) + 1);
        return [];
      });
    },
    takeSuppressed() {
      const taken = suppressed;
      suppressed = new Map();
      return taken;
    },
  };
}
