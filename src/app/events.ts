/** Opens the event store where the configuration says it is, for commands about the store itself. */
import path from 'node:path';
import type { OpenedStorage } from '../cli/command.ts';
import type { LiveConfig } from '../platform/live-config.ts';
import { openEventStore } from '../store/index.ts';

/** @throws StoreError; also when a running service has the embedded store open */
export async function openStorage({ eventStore, dataDirectory }: LiveConfig): Promise<OpenedStorage> {
  const store = await openEventStore(
    eventStore.kind === 'url'
      ? eventStore
      : { kind: 'embedded', directory: path.join(dataDirectory, 'events') },
  );
  return { maintenance: store.maintenance, close: () => store.close() };
}
