/** Pulls exact numbers of bytes out of a stream of chunks: what a container format needs to be read in order. */

export type Chunks = AsyncIterable<Uint8Array>;

export interface BytesReader {
  /** Up to `bytes` bytes; fewer only at the end of the input. They are looked at again by the next call. */
  peek(bytes: number): Promise<Buffer>;
  /** The same, taken off. */
  take(bytes: number): Promise<Buffer>;
  /** The next bytes, at most `most`, in whatever piece is at hand; undefined at the end. */
  takeSome(most: number): Promise<Buffer | undefined>;
  /** All that is left. */
  rest(): AsyncGenerator<Uint8Array>;
  close(): Promise<void>;
}

export function createBytesReader(chunks: Chunks): BytesReader {
  const source = chunks[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  let isDone = false;

  async function more(): Promise<boolean> {
    if (isDone) return false;
    const next = await source.next();
    if (next.done === true) {
      isDone = true;
      return false;
    }
    const chunk = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    return true;
  }

  async function peek(bytes: number): Promise<Buffer> {
    while (held.length < bytes && (await more()));
    return held.subarray(0, bytes);
  }

  async function takeSome(most: number): Promise<Buffer | undefined> {
    while (held.length === 0) if (!(await more())) return undefined;
    const some = held.subarray(0, most);
    held = held.subarray(some.length);
    return some;
  }

  return {
    peek,
    takeSome,
    async take(bytes) {
      const taken = await peek(bytes);
      held = held.subarray(taken.length);
      return taken;
    },
    async *rest() {
      for (;;) {
        const some = await takeSome(Number.MAX_SAFE_INTEGER);
        if (some === undefined) return;
        yield some;
      }
    },
    async close() {
      isDone = true;
      await source.return?.();
    },
  };
}
