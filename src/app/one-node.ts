/**
 * A job that one of several nodes does, by a lease of the system of record. The node that has it keeps it, so that what
 * the job remembers stays in one place; when it stops the lease is given back, and when it dies another node takes it
 * after three intervals. Part of the composition root.
 */
import type { Lease, RecordStore } from '../model/live/record-store.ts';

export interface OneNodeJob {
  /** Under which it holds the lease. */
  readonly name: string;
  readonly seconds: number;
  run(): Promise<void>;
  /** Another node does it now. */
  rest(): void;
}

export interface OneNode {
  run(): Promise<void>;
  /** Gives the lease back. */
  end(): Promise<void>;
}

const INTERVALS = 3;

export function onOneNode(record: Pick<RecordStore, 'leases'>, owner: string, job: OneNodeJob): OneNode {
  let lease: Lease | undefined;
  return {
    async run() {
      const hadIt = lease !== undefined;
      lease = await record.leases.take(job.name, owner, job.seconds * INTERVALS * 1_000);
      if (lease !== undefined) await job.run();
      else if (hadIt) job.rest();
    },
    async end() {
      if (lease !== undefined) await record.leases.release(lease);
      lease = undefined;
    },
  };
}
