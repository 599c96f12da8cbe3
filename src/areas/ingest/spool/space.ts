/** Whether there is room: the spool's own size limit, and the free disk that must be left to others. */
import { statfs } from 'node:fs/promises';

export interface SpaceLimits {
  /** Most bytes of segments. */
  readonly maxBytes: number;
  /** Free bytes that must stay on the disk. */
  readonly reserveBytes: number;
}

export interface Space {
  /** True when `usedBytes` of spool are within the limits, as far as was last seen of the disk. */
  hasRoom(usedBytes: number): boolean;
  /** Looks at the disk again. */
  refresh(): Promise<void>;
  /** The disk said no: there is no room until the next look. */
  noteDiskFull(): void;
}

export function createSpace(directory: string, limits: SpaceLimits): Space {
  let hasReserve = true;
  return {
    hasRoom: (usedBytes) => hasReserve && usedBytes < limits.maxBytes,
    async refresh() {
      const disk = await statfs(directory);
      hasReserve = disk.bavail * disk.bsize >= limits.reserveBytes;
    },
    noteDiskFull() {
      hasReserve = false;
    },
  };
}
