/** Warnings that outside input can cause: one a minute of each kind, with how many there were. */
import type { ReceiverDeps } from '../../../../model/live/receiver.ts';

export interface RareLog {
  warn(message: string, fields: Readonly<Record<string, unknown>>): void;
}

const EVERY_MILLIS = 60_000;

export function createRareLog(deps: ReceiverDeps): RareLog {
  const kinds = new Map<string, { lastAtMillis: number; unsaid: number }>();
  return {
    warn(message, fields) {
      const now = deps.clock.monotonicMillis();
      const kind = kinds.get(message);
      if (kind !== undefined && now - kind.lastAtMillis < EVERY_MILLIS) {
        kind.unsaid++;
        return;
      }
      deps.log.warn(message, { ...fields, before: kind?.unsaid ?? 0 });
      kinds.set(message, { lastAtMillis: now, unsaid: 0 });
    },
  };
}
