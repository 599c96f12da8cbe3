/** Settings that several receivers share. Sizes and times carry their unit in their name. */
import { z } from 'zod';
import { parseListen } from '../../../../platform/net/index.ts';

/** `0.0.0.0:5514`, `[::]:6514`, `loghost.example:514`; port 0 takes a free one. */
export function listenOption(fallback: string) {
  return z
    .string()
    .default(fallback)
    .transform((text, context) => {
      const address = parseListen(text);
      if (address !== undefined) return address;
      context.addIssue({ code: 'custom', message: 'is not ADDRESS:PORT, such as 0.0.0.0:5514 or [::]:6514' });
      return z.NEVER;
    });
}

const MIB = 1024 * 1024;

/** A record longer than this keeps its beginning. */
export function maxRecordOption(fallback: number) {
  return z
    .int()
    .min(480)
    .max(64 * MIB)
    .default(fallback);
}

export const lingerOption = z.int().min(0).max(1000).default(25);

export const STREAM_OPTIONS = {
  maxRecordBytes: maxRecordOption(MIB),
  maxConnections: z.int().min(1).max(100_000).default(12_000),
  maxConnectionsPerPeer: z.int().min(1).max(100_000).default(2_000),
  /** Relays keep their connection for days with little to say; dead ones are found by TCP keep-alive. */
  idleSeconds: z.int().min(1).max(604_800).default(7_200),
  /** A record begun must end within this time. */
  partialSeconds: z.int().min(1).max(3_600).default(60),
  /** How long records wait for others, so that one disk write takes many. */
  lingerMillis: lingerOption,
} as const;
