/** Opens the event store where the configuration says it is; the embedded one by one process at a time. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { ServiceRefused } from '../cli/ask.ts';
import { EXIT } from '../cli/exit-codes.ts';
import { awaitLock, type Lock, LockHeld } from '../platform/files/lock.ts';
import type { LiveConfig } from '../platform/live-config.ts';
import { type OpenEventStore, openEventStore } from '../store/index.ts';

/** 30 seconds: one command after the other; a service that starts or stops meanwhile. */
const LOCK_LOOKS = 600;

/**
 * The embedded store takes one process: the others wait for it.
 * @throws ServiceRefused when it stays taken
 */
export async function openEmbeddedEvents(dataDirectory: string): Promise<OpenEventStore> {
  const lock = await lockEvents(dataDirectory);
  try {
    const events = await openEventStore({ kind: 'embedded', directory: path.join(dataDirectory, 'events') });
    const close = async (): Promise<void> => {
      await events.close();
      lock.release();
    };
    return { ...events, close };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function lockEvents(dataDirectory: string): Promise<Lock> {
  // A restore goes into a new directory.
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  try {
    return await awaitLock(path.join(dataDirectory, 'events.lock'), LOCK_LOOKS);
  } catch (error) {
    if (!(error instanceof LockHeld)) throw error;
    throw new ServiceRefused(
      {
        en: `the events of ${dataDirectory} are in use by process ${error.pid}`,
        fr: `les évènements de ${dataDirectory} sont utilisés par le processus ${error.pid}`,
      },
      EXIT.internal,
    );
  }
}

type Where = Pick<LiveConfig, 'eventStore' | 'dataDirectory'>;

/** @throws StoreError, ServiceRefused */
export function openEvents({ eventStore, dataDirectory }: Where): Promise<OpenEventStore> {
  return eventStore.kind === 'url' ? openEventStore(eventStore) : openEmbeddedEvents(dataDirectory);
}
