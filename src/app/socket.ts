/** The Unix socket of the service that runs on a data directory. Loads nothing else: commands look here first. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { askLocal } from '../platform/http/local.ts';

export function socketOf(dataDirectory: string): string {
  return path.join(dataDirectory, 'vigie.sock');
}

/** Whether a service answers there. */
export async function isServiceRunning(dataDirectory: string): Promise<boolean> {
  const socket = socketOf(dataDirectory);
  if (!existsSync(socket)) return false;
  return (await askLocal(socket, { method: 'GET', path: '/healthz', headers: {} })) !== undefined;
}
