/** Makes what was created, renamed or removed in a directory durable. */
import { closeSync, fsyncSync, openSync } from 'node:fs';

export function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
