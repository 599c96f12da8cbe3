/**
 * From the spool to the event store: content read and compiled into workers, correlations as they were, the pipeline.
 * It takes seconds to begin, and receivers fill the spool meanwhile.
 */
import path from 'node:path';
import type { Issue } from '../../../model/issue.ts';
import type { IntelBuffers } from '../../../model/live/intel.ts';
import type { Matching, ReloadReport } from '../../../model/live/service.ts';
import { type LiveCorrelation, openCorrelation } from '../pipeline/correlate.ts';
import { type Pipeline, type PipelineWatch, startPipeline } from '../pipeline/pipeline.ts';
import { type Setup, startWorkers, type Workers } from '../pipeline/workers.ts';
import type { Spool } from '../spool/spool.ts';
import { differenceOf, type LiveContent } from './content.ts';
import type { IngestDeps } from './ingest.ts';

export interface Flow {
  readonly inFlightBytes: number;
  readonly workerRestarts: number;
  matching(): Matching;
  reload(): Promise<ReloadReport>;
  useIntel(buffers: IntelBuffers): void;
  /** Resolves when all that is in the spool now is stored, or at the deadline (false). */
  drain(deadlineMillis: number): Promise<boolean>;
  stop(): Promise<void>;
}

/** @throws when the content cannot be read or compiled, or a store not be opened */
export async function startFlow(spool: Spool, deps: IngestDeps, watch: PipelineWatch): Promise<Flow> {
  const { content, workers, correlation, store } = await startParts(spool, deps);
  const { node, clock } = deps;
  const pipeline = startPipeline({
    complete: correlation.complete,
    node,
    spool,
    workers,
    store,
    clock,
    watch,
  });
  return flowOf({ workers, correlation, pipeline }, content, deps);
}

/** Rules compiled in the workers and correlations as they were, once the stores are open. */
async function startParts(spool: Spool, deps: IngestDeps) {
  const { clock, log, threads } = deps;
  const loading = deps.loadContent();
  const setup = loading.then((content) => setupOf(content, deps));
  // Said by the race, whether or not a thread came to wait for it.
  setup.catch(() => {});
  // Threads that load their code would only take time from what opens the doors.
  await Promise.race([loading, deps.stores]);
  const workers = await startWorkers(setup, { threads, clock, log });
  try {
    const content = await loading;
    const { store, intel } = await deps.stores;
    if (intel !== undefined) workers.useIntel(intel);
    const correlation = await openCorrelation({
      directory: path.join(deps.dataDirectory, 'correlation'),
      committedSeq: spool.stats().committedSeq,
      rules: content.correlations,
    });
    return { content, workers, correlation, store };
  } catch (error) {
    await workers.close();
    throw error;
  }
}

function setupOf(content: LiveContent, { node, siteZone }: IngestDeps): Setup {
  const { sources, envelopes, prepared, correlated } = content;
  return { node, siteZone, sources, envelopes, prepared, correlated };
}

interface Parts {
  readonly workers: Workers;
  readonly correlation: LiveCorrelation;
  readonly pipeline: Pipeline;
}

function flowOf({ workers, correlation, pipeline }: Parts, first: LiveContent, deps: IngestDeps): Flow {
  let content = first;
  return {
    get inFlightBytes() {
      return pipeline.inFlightBytes;
    },
    get workerRestarts() {
      return workers.restarts;
    },
    matching: () => matchingOf(content, content.issues),
    async reload() {
      const fresh = await deps.loadContent();
      const difference = differenceOf(content, fresh);
      const found = [...fresh.issues];
      let isReplaced = false;
      try {
        found.push(...(await workers.replace(setupOf(fresh, deps))));
        content = fresh;
        correlation.replace(fresh.correlations);
        isReplaced = true;
      } catch (error) {
        deps.log.error('the new content cannot be compiled; what ran before runs on', { error });
      }
      return { ...difference, ...matchingOf(content, found), isReplaced };
    },
    useIntel: workers.useIntel,
    drain: pipeline.drain,
    async stop() {
      await pipeline.stop();
      await workers.close();
      await correlation.close();
    },
  };
}

function matchingOf({ briefs, correlations, sources }: LiveContent, issues: readonly Issue[]): Matching {
  return { rules: briefs.length + correlations.length, sources: sources.length, issues };
}
