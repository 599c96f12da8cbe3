/** What the spool's tests share: a spool in a directory of its own, deliveries of numbered records, and reading all. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Delivery } from '../../../../model/live/delivery.ts';
import { systemClock } from '../../../../platform/clock.ts';
import { createFrameReader } from '../format.ts';
import type { Damage } from '../scan.ts';
import { openSpool, type Spool, type SpoolOptions } from '../spool.ts';

export function temporaryDirectory(): { readonly path: string; remove(): void } {
  const directory = mkdtempSync(path.join(tmpdir(), 'vigie-spool-'));
  return { path: directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

export interface OpenedSpool {
  readonly spool: Spool;
  readonly damages: Damage[];
}

export async function openTestSpool(
  directory: string,
  options: Partial<SpoolOptions> = {},
): Promise<OpenedSpool> {
  const damages: Damage[] = [];
  const spool = await openSpool({
    directory,
    clock: systemClock,
    maxBytes: 1024 * 1024 * 1024,
    reserveBytes: 0,
    onDamage: (damage) => damages.push(damage),
    onError: (error) => {
      throw error;
    },
    ...options,
  });
  return { spool, damages };
}

export function deliveryOf(
  texts: readonly string[],
  more: Partial<Omit<Delivery, 'bytes' | 'spans'>> = {},
): Delivery {
  const spans: number[] = [];
  let at = 0;
  for (const text of texts) {
    const length = Buffer.byteLength(text);
    spans.push(at, at + length);
    at += length;
  }
  return {
    sender: { receiver: 'test', peer: '192.0.2.1' },
    receivedAtMillis: systemClock.nowMillis(),
    bytes: Buffer.from(texts.join('')),
    spans: Uint32Array.from(spans),
    ...more,
  };
}

/** The records of every frame that can be read now, in order. */
export async function readAll(spool: Spool): Promise<string[]> {
  const reader = createFrameReader(1);
  const texts: string[] = [];
  for (;;) {
    const chunk = await spool.next({ maxBytes: 64 * 1024 });
    if (chunk === undefined) return texts;
    reader.each(chunk.bytes, (frame) => {
      for (let index = 0; index < frame.spans.length; index += 2) {
        texts.push(Buffer.from(frame.bytes.subarray(frame.spans[index], frame.spans[index + 1])).toString());
      }
    });
  }
}
