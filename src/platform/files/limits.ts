/** How much one archive may unfold into, and the account kept of it. */

export interface ArchiveLimits {
  /** Decompressed bytes of one archive, all its members and inner archives together. */
  readonly totalBytes: number;
  /** Decompressed to compressed, looked at once a stream has given `ratioAfterBytes`. */
  readonly ratio: number;
  readonly ratioAfterBytes: number;
  /** Archives within archives. */
  readonly depth: number;
  readonly members: number;
  /** Largest inner zip (a zip must be kept whole to be read, in a temporary file). */
  readonly innerZipBytes: number;
}

export const DEFAULT_LIMITS: ArchiveLimits = {
  totalBytes: 256 * 1024 ** 3,
  ratio: 1200,
  ratioAfterBytes: 256 * 1024 ** 2,
  depth: 6,
  members: 200_000,
  innerZipBytes: 4 * 1024 ** 3,
};

/** What one archive given by the user has unfolded into so far. */
export interface Budget {
  readonly limits: ArchiveLimits;
  bytes: number;
  members: number;
}

/** A limit was reached: ends the stream it is thrown in, is reported, never leaves this folder. */
export class LimitReached extends Error {
  readonly what: string;
  readonly limit: number;
  constructor(what: string, limit: number) {
    super(`${what} limit of ${limit} reached`);
    this.what = what;
    this.limit = limit;
  }
}
