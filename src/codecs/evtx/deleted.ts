/**
 * Holds deleted records back until it is known which records the rest of the file holds alive, so that none is given
 * twice. Live records are remembered as ranges of number and time, one pair per chunk (32 bytes for each 64 KiB); past
 * the limit of held records the oldest are judged by what is known then.
 */
import type { DecodeSink } from '../../model/codec.ts';
import type { Fields, LogRecord } from '../../model/event.ts';

const MOST_HELD = 2048;
/** Live records remembered by what they say of themselves (about 60 bytes each); later ones by their ranges only. */
const MOST_REMEMBERED = 200_000;

/** An export numbers its records anew, but what they say of themselves stays: a slack copy is known by that. */
function writtenAs({ EventRecordID, TimeCreated }: Fields): string {
  return `${String(EventRecordID)} ${String(TimeCreated)}`;
}

export interface Identity {
  readonly id: number;
  readonly time: number;
}

export interface DeletedRecords {
  startChunk(): void;
  live(identity: Identity, fields: Fields): void;
  add(identity: Identity, record: LogRecord): void;
  end(): void;
}

interface Range {
  firstId: number;
  lastId: number;
  firstTime: number;
  lastTime: number;
}

function emptyRange(): Range {
  return {
    firstId: Number.POSITIVE_INFINITY,
    lastId: -1,
    firstTime: Number.POSITIVE_INFINITY,
    lastTime: -1,
  };
}

export function createDeletedRecords(sink: DecodeSink): DeletedRecords {
  const ranges: Range[] = [];
  let range = emptyRange();
  let held: { identity: Identity; record: LogRecord }[] = [];
  const given = new Set<string>();
  const written = new Set<string>();

  function isAlive({ id, time }: Identity): boolean {
    return ranges.some(
      (one) => id >= one.firstId && id <= one.lastId && time >= one.firstTime && time <= one.lastTime,
    );
  }

  function release(items: typeof held): void {
    for (const { identity, record } of items) {
      const key = `${identity.id}:${identity.time}`;
      if (given.has(key) || isAlive(identity) || written.has(writtenAs(record.fields))) continue;
      if (given.size < MOST_HELD * 4) given.add(key);
      sink.record(record);
    }
  }

  return {
    startChunk() {
      range = emptyRange();
      ranges.push(range);
    },
    live({ id, time }, fields) {
      if (written.size < MOST_REMEMBERED) written.add(writtenAs(fields));
      if (id < range.firstId) range.firstId = id;
      if (id > range.lastId) range.lastId = id;
      if (time < range.firstTime) range.firstTime = time;
      if (time > range.lastTime) range.lastTime = time;
    },
    add(identity, record) {
      held.push({ identity, record });
      if (held.length < MOST_HELD) return;
      release(held.slice(0, MOST_HELD / 2));
      held = held.slice(MOST_HELD / 2);
    },
    end() {
      release(held);
      held = [];
    },
  };
}
