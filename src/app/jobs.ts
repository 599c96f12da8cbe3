/** The jobs that run beside the live service, each at its own interval. Part of the composition root. */

import type { Behaviours } from '../areas/anticipate/index.ts';
import { createSilenceWatch, type Sources } from '../areas/ingest/index.ts';
import { collectSightings } from '../areas/inventory/index.ts';
import { runRetention } from '../areas/storage/index.ts';
import type { RecordStore } from '../model/live/record-store.ts';
import { systemClock as clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { Metrics } from '../platform/metrics.ts';
import { createScheduler } from '../platform/scheduler.ts';
import type { OpenEventStore } from '../store/index.ts';
import { behaviourJob } from './behaviours.ts';
import { onOneNode } from './one-node.ts';

export interface JobDeps {
  readonly events: OpenEventStore;
  readonly record: RecordStore;
  readonly sources: Sources;
  readonly behaviours: Behaviours;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly node: number;
}

const SILENCE_SECONDS = 60;
const SIGHTINGS_SECONDS = 300;
const RETENTION_SECONDS = 3_600;
const BEHAVIOUR_SECONDS = 60;

/** @returns what stops them */
export function startJobs(deps: JobDeps): () => Promise<void> {
  const { events, record, sources, behaviours, log, metrics, node } = deps;
  const scheduler = createScheduler(log);
  const owner = `node-${node}`;
  const silence = createSilenceWatch({ sources, log, metrics });
  const silenceJob = onOneNode(record, owner, {
    name: 'silent-sources',
    seconds: SILENCE_SECONDS,
    run: silence.watch,
    rest: silence.rest,
  });
  scheduler.every('silent sources', SILENCE_SECONDS, silenceJob.run);
  scheduler.every('inventory sightings', SIGHTINGS_SECONDS, async () => {
    await collectSightings({ events, record, clock, log, owner });
  });
  scheduler.every('retention', RETENTION_SECONDS, async () => {
    await runRetention({ maintenance: events.maintenance, record, clock, log, owner });
  });
  scheduler.every('behaviours', BEHAVIOUR_SECONDS, behaviourJob(behaviours, { log, metrics }));
  return async () => {
    await scheduler.stop();
    await silenceJob.end();
  };
}
