/**
 * Relations: who used what on which day, kept for each behaviour by one materialized view into the table `relations`.
 * It makes and drops the views, fills in what was there before, and finds the events behind a relation; it does not
 * score.
 *
 * A view takes no parameters, so the search's values are written into it as quoted literals; fields come from the closed
 * list of columns only.
 *
 * **Identity**, done here once so that everything after sees one name. A person is the account's name in lower case,
 * without its domain (`HOPITAL\m.durand`, `m.durand@hopital.example`); machine accounts (`$`) and the system's own
 * (well-known SIDs, `system`, `dwm-1`…) are nobody. Two accounts of the same name in two domains are taken for one
 * person. A host is the first label of its name in lower case; an address stays whole.
 */
import path from 'node:path';
import { z } from 'zod';
import { StoreError } from '../../model/live/event-store.ts';
import type { EntityKind, EventRef } from '../../model/live/signal.ts';
import type { Query } from '../../model/query.ts';
import type { Engine } from './engine.ts';
import { toStoreError } from './errors.ts';
import { renderSql } from './macros.ts';
import { findColumn } from './search/columns.ts';
import { compileWhere, type Where } from './search/where.ts';
import { QUERIES_FOLDER, readSqlFolder, statementsOf } from './sql-files.ts';

export interface Party {
  readonly kind: EntityKind;
  /** ECS name of a text column. */
  readonly field: string;
}

/** What of a behaviour the store needs. */
export interface Relation {
  /** Lower-case words joined by hyphens. */
  readonly id: string;
  readonly version: number;
  readonly events: Query;
  readonly subject: Party;
  readonly object: Party;
}

export interface Relations {
  /**
   * Makes the view when there is none.
   * @returns true when it was made, so that the past is not in it yet
   * @throws StoreError
   */
  ensure(relation: Relation): Promise<boolean>;
  /** Drops the views of what is not in the list. @returns their names */
  keepOnly(relations: readonly Relation[]): Promise<string[]>;
  /** Fills in one day (since 1970) of the events that were there before the view. */
  backfill(relation: Relation, day: number): Promise<void>;
  /** The first fifty events behind a relation on a day. */
  eventsOf(relation: Relation, pair: Pair): Promise<EventRef[]>;
}

export interface Pair {
  readonly day: number;
  readonly subject: string;
  readonly object: string;
}

const DAY_MICROS = 86_400_000_000;
const BACKFILL_SECONDS = 120;
const Name = z.object({ name: z.string() });
const Ref = z.object({ node: z.number(), seq: z.number() });

export function createRelations(engine: Engine): Relations {
  const folder = readSqlFolder(path.join(QUERIES_FOLDER, 'relations'));
  const texts = new Map(folder.map(({ name, text }) => [name, statementsOf(text)[0] ?? '']));
  const textOf = (name: string, pieces: Readonly<Record<string, string>>): string =>
    renderSql(fill(texts.get(name) ?? '', pieces), engine.cluster);

  async function existing(): Promise<string[]> {
    const rows = await attempt('list views', () => engine.rows({ sql: textOf('views', {}) }));
    return z
      .array(Name)
      .parse(rows)
      .map(({ name }) => name);
  }

  return {
    async ensure(relation) {
      if ((await existing()).includes(viewName(relation))) return false;
      const sql = textOf('view', piecesOf(relation));
      await attempt('make a view', () => engine.run({ sql }));
      return true;
    },
    async keepOnly(relations) {
      const kept = new Set(relations.map(viewName));
      const gone = (await existing()).filter((name) => !kept.has(name));
      for (const name of gone) {
        await attempt('drop a view', () => engine.run({ sql: textOf('drop', { name }) }));
      }
      return gone;
    },
    async backfill(relation, day) {
      const sql = `${textOf('backfill', piecesOf(relation))}\nSETTINGS max_threads = 1, max_execution_time = ${BACKFILL_SECONDS}`;
      const params = { from: day * DAY_MICROS, to: (day + 1) * DAY_MICROS };
      await attempt('backfill', () => engine.run({ sql, params }));
    },
    async eventsOf(relation, { day, subject, object }) {
      const sql = `${textOf('events', piecesOf(relation))}\nSETTINGS max_threads = 1, output_format_json_quote_64bit_integers = 0`;
      const params = { from: day * DAY_MICROS, to: (day + 1) * DAY_MICROS, subject, object };
      return z.array(Ref).parse(await attempt('events', () => engine.rows({ sql, params })));
    },
  };
}

async function attempt<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toStoreError(error, `relations: ${what}`, 'query');
  }
}

function viewName({ id, version }: Relation): string {
  if (!/^[a-z0-9-]+$/.test(id)) throw new StoreError(`no name for a view: ${id}`, { isRetryable: false });
  return `relation_${id.replaceAll('-', '_')}_v${version}`;
}

function piecesOf(relation: Relation): Record<string, string> {
  return {
    name: viewName(relation),
    behaviour: quoted(relation.id),
    version: String(relation.version),
    subject: identityOf(relation.subject),
    object: identityOf(relation.object),
    where: whereOf(relation.events),
  };
}

/** Only the braces named here; what is put in is never looked at again. */
function fill(text: string, pieces: Readonly<Record<string, string>>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => pieces[name] ?? whole);
}

/** The search as a condition without parameters. Times relative to now mean nothing in a view and are refused. */
function whereOf(query: Query): string {
  const { sql, params, issues } = compileWhere(query, { resolveTime: () => undefined, isIndexed: false });
  if (issues.length > 0) throw new StoreError('a search that cannot be a view', { isRetryable: false });
  return sql.replace(/\{(q\d+):[\w()]+\}/g, (_, name: string) => literal(params[name] ?? ''));
}

function literal(value: Where['params'][string]): string {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? quoted(value) : `[${value.map(quoted).join(', ')}]`;
}

/** A text as an SQL literal. Braces are written as codes: they are marks of parameters and of our own. */
function quoted(text: string): string {
  const escaped = text.replace(/[\\'{}]|\p{Cc}/gu, (mark) => {
    const code = mark.charCodeAt(0);
    return code < 128 ? `\\x${code.toString(16).padStart(2, '0')}` : mark;
  });
  return `'${escaped}'`;
}

function identityOf({ kind, field }: Party): string {
  const column = findColumn(field);
  if (column?.kind !== 'text') throw new StoreError(`no text column for ${field}`, { isRetryable: false });
  const lower = `lowerUTF8(toString(${column.sql}))`;
  if (kind === 'person' || kind === 'account') return personOf(lower, field);
  if (kind === 'host') return hostOf(lower);
  return lower;
}

/** The system's own accounts, by what they are called where no SID is given. */
const NOBODY =
  '^(-|.*[$]|system|local service|network service|anonymous logon|système|service local|service réseau|(dwm|umfd)-[0-9]+)$';
/** SYSTEM, LOCAL SERVICE, NETWORK SERVICE, ANONYMOUS LOGON; window managers and font drivers; virtual accounts. */
const NOBODY_SID = '^S-1-5-(7|18|19|20|(80|83|90|96)-.*)$';

function personOf(lower: string, field: string): string {
  const bare = `splitByChar('@', arrayElement(splitByChar('\\\\', ${lower}), -1))[1]`;
  const id = findColumn(field.replace(/name$/, 'id'));
  const bySid = id?.kind === 'text' ? ` OR match(toString(${id.sql}), ${quoted(NOBODY_SID)})` : '';
  return `if(match(${bare}, ${quoted(NOBODY)})${bySid}, '', ${bare})`;
}

function hostOf(lower: string): string {
  return `if(isIPv4String(${lower}) OR isIPv6String(${lower}), ${lower}, splitByChar('.', ${lower})[1])`;
}
