/** Opens both stores for a command that needs them for itself. Part of the composition root. */
import type { OpenedStorage } from '../cli/command.ts';
import type { LiveConfig } from '../platform/live-config.ts';
import { openEvents } from './events.ts';
import { openRecord } from './record.ts';
import { isServiceRunning } from './socket.ts';

/**
 * @returns undefined when a service runs on the data directory
 * @throws StoreError, RecordError, ServiceRefused
 */
export async function openStorage(
  config: Pick<LiveConfig, 'dataDirectory' | 'databaseUrl' | 'eventStore'>,
): Promise<OpenedStorage | undefined> {
  if (await isServiceRunning(config.dataDirectory)) return undefined;
  const { maintenance, close } = await openEvents(config);
  try {
    const record = await openRecord(config.dataDirectory, config.databaseUrl);
    return {
      maintenance,
      record,
      async close() {
        await record.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
