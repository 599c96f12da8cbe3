/** Opens the system of record: SQLite in a file or PostgreSQL by URL, at this version's schema. */
import { type Dialect, Kysely, sql, type Transaction } from 'kysely';
import type { Actor } from '../../model/access.ts';
import type { Change, RecordStore, RecordWrites } from '../../model/live/record-store.ts';
import type { Clock } from '../../platform/clock.ts';
import { readDeadLetters, writeDeadLetters } from './dead-letters.ts';
import { toOpenError, toRecordError } from './errors.ts';
import { readInventory, seeInventory, writeInventory } from './inventory.ts';
import { appendToJournal, readJournal } from './journal.ts';
import { verifyJournal } from './journal-verify.ts';
import { readLooks, touchLooks, writeLooks } from './looks.ts';
import { migrate } from './migrate.ts';
import { type Engine, type Migration, readMigrations } from './migrations.ts';
import { createCursors, createLeases, createNodes } from './nodes.ts';
import { readSettings, writeSettings } from './settings.ts';
import { createSqliteDialect, openSqlite } from './sqlite-dialect.ts';
import type { Tables } from './tables.ts';
import { readTokens, touchTokens, writeTokens } from './tokens.ts';

const READY_MS = 1000;

export type RecordPlace =
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'postgres'; readonly url: string };

export interface RecordStoreDeps {
  readonly clock: Clock;
  /** Told of idle PostgreSQL connections that broke; the store opens another by itself. */
  readonly onConnectionLost?: (error: Error) => void;
  /** For the upgrade tests: an older version's migrations. */
  readonly migrations?: readonly Migration[];
}

interface Opened {
  readonly db: Kysely<Tables>;
  readonly engine: Engine;
  readonly clock: Clock;
}

/** Thrown inside a change to undo it when it says that nothing was changed. */
const NOTHING = Symbol('nothing');

/**
 * Brings the schema up to date first; several nodes may do so at once.
 * @throws RecordError with a sentence for people
 */
export async function openRecordStore(place: RecordPlace, deps: RecordStoreDeps): Promise<RecordStore> {
  const opened: Opened = { db: await connect(place, deps), engine: place.kind, clock: deps.clock };
  try {
    await migrate({
      ...opened,
      migrations: deps.migrations ?? readMigrations(),
      nowMillis: deps.clock.nowMillis(),
    });
  } catch (error) {
    await opened.db.destroy();
    throw toOpenError(error);
  }
  return createStore(opened);
}

async function connect(place: RecordPlace, deps: RecordStoreDeps): Promise<Kysely<Tables>> {
  try {
    const dialect = await createDialect(place, deps);
    return new Kysely<Tables>({ dialect });
  } catch (error) {
    throw toOpenError(error);
  }
}

/** The PostgreSQL driver is loaded only when it is used. */
async function createDialect(place: RecordPlace, deps: RecordStoreDeps): Promise<Dialect> {
  if (place.kind === 'sqlite') return createSqliteDialect(openSqlite(place.file));
  const { createPostgresDialect } = await import('./postgres-dialect.ts');
  return createPostgresDialect(place.url, deps.onConnectionLost ?? (() => {}));
}

function createStore({ db, engine, clock }: Opened): RecordStore {
  const nodes = { db, engine, clock };
  return {
    engine,
    ...readSettings(db),
    journal: { ...readJournal(db), verify: (anchors) => verifyJournal(readJournal(db), anchors) },
    tokens: { ...readTokens(db), ...touchTokens(db) },
    inventory: { ...readInventory(db), ...seeInventory(db) },
    deadLetters: readDeadLetters(db),
    looks: { ...readLooks(db), ...touchLooks(db) },
    leases: createLeases(nodes),
    nodes: createNodes(nodes),
    cursors: createCursors(nodes),
    change: (actor, work) => runChange({ db, engine, clock }, actor, work),
    isReady: () => isReady(db),
    close: () => db.destroy(),
  };
}

async function runChange<T>(
  { db, engine, clock }: Opened,
  actor: Actor,
  work: (tx: RecordWrites) => Promise<Change<T>>,
): Promise<T> {
  let unchanged: Change<T> | undefined;
  try {
    return await db.transaction().execute(async (tx) => {
      const atMillis = clock.nowMillis();
      const change = await work(createWrites(tx, atMillis));
      if (change.notes.length === 0) {
        unchanged = change;
        throw NOTHING;
      }
      await appendToJournal(tx, engine, { actor, atMillis, notes: change.notes });
      return change.value;
    });
  } catch (error) {
    if (error === NOTHING && unchanged !== undefined) return unchanged.value;
    throw toRecordError(error);
  }
}

function createWrites(tx: Transaction<Tables>, nowMillis: number): RecordWrites {
  return {
    ...writeSettings(tx, nowMillis),
    tokens: writeTokens(tx, nowMillis),
    inventory: writeInventory(tx, nowMillis),
    deadLetters: writeDeadLetters(tx),
    looks: writeLooks(tx),
    journal: readJournal(tx),
  };
}

async function isReady(db: Kysely<Tables>): Promise<boolean> {
  const query = sql`SELECT 1`.execute(db).then(
    () => true,
    () => false,
  );
  const late = AbortSignal.timeout(READY_MS);
  const tooLate = new Promise<boolean>((resolve) => {
    late.addEventListener('abort', () => resolve(false), { once: true });
  });
  return Promise.race([query, tooLate]);
}
