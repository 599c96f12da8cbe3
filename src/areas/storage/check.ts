/**
 * Are the event store's files what was written? The engine compares each part with its checksums. A damaged part cannot
 * be mended: the spool let go of its records once they were stored. It is named, and can be set aside, so that searches
 * of its day answer again without it.
 */
import type { DamagedPart, Maintenance } from '../../model/live/storage.ts';
import type { Log } from '../../platform/log.ts';

export interface CheckReport {
  readonly tables: number;
  /** In use: whatever reads them fails. */
  readonly damaged: readonly DamagedPart[];
  /** Out of use: what they held cannot be searched. */
  readonly aside: readonly DamagedPart[];
}

type Parts = Pick<Maintenance, 'partitions' | 'damagedParts' | 'partsSetAside'>;

/** Reads everything the store holds. */
export async function checkParts(maintenance: Parts): Promise<CheckReport> {
  const tables = new Set((await maintenance.partitions()).map(({ table }) => table));
  const damaged: DamagedPart[] = [];
  for (const table of tables) damaged.push(...(await maintenance.damagedParts(table)));
  return { tables: tables.size, damaged, aside: await maintenance.partsSetAside() };
}

/** @returns what the check finds afterwards */
export async function setPartsAside(
  maintenance: Parts & Pick<Maintenance, 'setAside'>,
  report: CheckReport,
): Promise<CheckReport> {
  for (const part of report.damaged) await maintenance.setAside(part);
  return { ...report, damaged: [], aside: await maintenance.partsSetAside() };
}

const MOST_TOLD = 20;

/** Says at the start which parts the engine could not load; without an answer, starting goes on. */
export async function tellBrokenParts(
  maintenance: Pick<Maintenance, 'partsSetAside'>,
  log: Log,
): Promise<void> {
  try {
    const parts = (await maintenance.partsSetAside()).filter(({ reason }) => reason !== '');
    for (const { table, name, partition } of parts.slice(0, MOST_TOLD)) {
      log.error('a damaged part of the event store is out of use: what it held cannot be searched', {
        table,
        part: name,
        partition,
        advice: 'vigie store check',
      });
    }
    if (parts.length > MOST_TOLD) log.error('more damaged parts', { parts: parts.length - MOST_TOLD });
  } catch (error) {
    log.warn('the event store could not be asked about damaged parts', { error });
  }
}
