/**
 * Puts the small chunks of a busy spool together. Every block of rows names all its columns, and the store goes through
 * them block by block: blocks of some thousand rows cost it a third less an event than those of some hundred
 * (`bench/README.md`). Waits for more only for a moment, so that a quiet site's events are not held back.
 */
import { letGo } from '../../../lib/let-go.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Chunk, joinBytes } from '../spool/chunk.ts';
import type { Spool } from '../spool/spool.ts';

export interface GatherDeps {
  readonly spool: Pick<Spool, 'next' | 'whenReadable'>;
  readonly clock: Pick<Clock, 'monotonicMillis'>;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

const ENOUGH_RECORDS = 4_000;
const ENOUGH_BYTES = 2 * 1024 * 1024;
const WAIT_MILLIS = 200;

/**
 * `first`, and the frames that came or come behind it.
 * @param maxBytes of one read of the spool
 */
export async function gather(first: Chunk, maxBytes: number, deps: GatherDeps): Promise<Chunk> {
  const { spool, clock, signal } = deps;
  const until = clock.monotonicMillis() + WAIT_MILLIS;
  const chunks = [first];
  let records = first.records;
  let bytes = first.bytes.length;
  while (records < ENOUGH_RECORDS && bytes < ENOUGH_BYTES && !signal.aborted) {
    const more = await spool.next({ maxBytes });
    if (more !== undefined) {
      chunks.push(more);
      records += more.records;
      bytes += more.bytes.length;
      continue;
    }
    const left = until - clock.monotonicMillis();
    if (left <= 0) break;
    await whenReadable(spool, signal, left);
  }
  return joined(chunks);
}

/**
 * Resolves when there is something to read, at a stop, or after some time. Leaves nothing behind at the signal, which
 * lives as long as the service: a race against one promise for all stops would keep every wait of its life.
 */
export function whenReadable(
  spool: Pick<Spool, 'whenReadable'>,
  signal: AbortSignal,
  millis?: number,
): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = millis === undefined ? undefined : setTimeout(done, millis);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
    void spool.whenReadable().then(done);
  });
}

/** The frames of all, one after the other, in memory of their own; that of the parts is gone. */
function joined(chunks: readonly Chunk[]): Chunk {
  const [first] = chunks;
  const last = chunks.at(-1);
  if (first === undefined || last === undefined) throw new Error('nothing to join');
  if (first === last) return first;
  const sum = (of: (chunk: Chunk) => number): number => chunks.reduce((total, chunk) => total + of(chunk), 0);
  const bytes = joinBytes(chunks);
  for (const chunk of chunks) letGo(chunk.bytes);
  return {
    bytes,
    frames: sum((chunk) => chunk.frames),
    records: sum((chunk) => chunk.records),
    firstSeq: first.firstSeq,
    lastSeq: last.lastSeq,
    firstReceivedAtMillis: first.firstReceivedAtMillis,
    lastReceivedAtMillis: last.lastReceivedAtMillis,
  };
}
