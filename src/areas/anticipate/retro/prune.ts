/**
 * What stored events must have for a rule to match them: a search that no matching event escapes. It names the sources
 * whose log sources fit, and pieces of the rule's texts that stand in the record as they are. Pure; it does not match.
 *
 * Sound for values that a record writes in plain: a piece is ASCII letters and digits only, which no format escapes
 * (`\u0061` for `a`, or 4.6e3 for 4625, is not thought of). Names that a source makes up (its `own`, constants of its
 * patterns) prune nothing; ECS names are also looked for in their columns. Sources are those of the content as it is
 * now; an event of any other stored source (`unknown`, or one that is gone) is looked at when its text fits.
 */
import type { Source } from '../../../model/content/source.ts';
import type { EventKind, LogSourceBinding } from '../../../model/event.ts';
import { ECS_COLUMNS } from '../../../model/live/event-columns.ts';
import type { Query } from '../../../model/query.ts';
import { type DetectionRule, MANY } from '../../../model/sigma.ts';
import { bindingsFor, type Clause, necessaryClauses, ownName } from '../../../sigma/index.ts';

type Atom = Clause[number];

/** Shorter pieces are in too many records to be worth looking for. */
const PIECE = /[a-z0-9]{4,}/gi;
const MOST_PIECES = 3;
const MOST_ATOMS = 16;
const MOST_CLAUSES = 3;

/** What of a source decides whether a text of a rule stands in its records. */
export interface PrunedSource {
  readonly id: string;
  readonly kind: EventKind;
  /** Own names that the source fills with what need not be in the record. */
  readonly derived: ReadonlySet<string>;
  readonly ecs: ReadonlySet<string>;
  /** False where the codec decodes values (auditd's hexadecimal). */
  readonly isPlain: boolean;
}

export interface Pruning {
  /** Those whose log sources fit. */
  readonly sources: readonly string[];
  readonly query: Query;
  /** Some source's events are all looked at. */
  readonly isWide: boolean;
}

export function prunedSources(sources: readonly Source[]): PrunedSource[] {
  const byId = new Map(sources.map((source) => [source.id, source]));
  return sources.map((source) => {
    const lineage = lineageOf(source, byId);
    return {
      id: source.id,
      kind: kindOf(source),
      derived: new Set([
        ...lineage.flatMap(({ own = {} }) => Object.keys(own)),
        ...(source.extract ?? []).flatMap(({ patterns = [] }) =>
          patterns.flatMap(({ set = {} }) => Object.keys(set)),
        ),
      ]),
      ecs: new Set([
        ...lineage.flatMap(({ ecs }) => Object.keys(ecs)),
        ...source.variants.flatMap(({ ecs = {} }) => Object.keys(ecs)),
      ]),
      isPlain: !source.recognise.some(({ format }) => [format].flat().includes('auditd')),
    };
  });
}

function lineageOf(source: Source, byId: ReadonlyMap<string, Source>): Source[] {
  const lineage: Source[] = [];
  let next: Source | undefined = source;
  while (next !== undefined && !lineage.includes(next)) {
    lineage.push(next);
    next = next.base === undefined ? undefined : byId.get(next.base);
  }
  return lineage;
}

/** All that events of the source may be seen as. */
function kindOf({ id, version, logsources, variants }: Source): EventKind {
  const all = [...logsources, ...variants.flatMap((variant) => variant.logsources ?? [])];
  const bindings = all.map(
    ({ product, category, service, rename = {} }): LogSourceBinding => ({
      ...(product === undefined ? {} : { product }),
      ...(category === undefined ? {} : { category }),
      ...(service === undefined ? {} : { service }),
      rename,
    }),
  );
  return { sourceId: id, sourceVersion: version, bindings, ecsNames: [] };
}

/** The search that every event the rule can match is found by; undefined when no source has its log source. */
export function pruningOf(rule: DetectionRule, sources: readonly PrunedSource[]): Pruning | undefined {
  const clauses = necessaryClauses(rule)
    .filter((clause) => clause.length <= MOST_ATOMS)
    .toSorted((a, b) => a.length - b.length);
  const fitting = sources.flatMap((source) => {
    const bindings = bindingsFor(rule.logsource, source.kind);
    return bindings.length === 0 ? [] : [{ source, bindings }];
  });
  if (fitting.length === 0) return undefined;
  /** Sources with the same conditions share one. */
  const groups = new Map<string, { readonly where: Query[]; readonly conditions: readonly Query[] }>();
  const add = (where: Query, conditions: readonly Query[]): void => {
    const key = JSON.stringify(conditions);
    const group = groups.get(key) ?? { where: [], conditions };
    group.where.push(where);
    groups.set(key, group);
  };
  for (const { source, bindings } of fitting) {
    add(
      isSource(source.id),
      conditionsOf(clauses, (atom) => atomQuery(atom, source, bindings)),
    );
  }
  const others = conditionsOf(clauses, (atom) => plainEverywhere(atom, fitting));
  add({ kind: 'not', item: anyOf(sources.map(({ id }) => isSource(id))) }, others);
  const all = [...groups.values()];
  return {
    sources: fitting.map(({ source }) => source.id),
    query: anyOf(all.map(({ where, conditions }) => allOf([anyOf(where), ...conditions]))),
    isWide: all.some(({ conditions }) => conditions.length === 0),
  };
}

/** Events of these sources, and of those the content does not know. */
export function ofSources(ids: ReadonlySet<string>, sources: readonly PrunedSource[]): Query {
  const left = sources.filter(({ id }) => !ids.has(id)).map(({ id }) => isSource(id));
  return left.length === 0 ? { kind: 'all' } : { kind: 'not', item: anyOf(left) };
}

function conditionsOf(
  clauses: readonly Clause[],
  queryOf: (atom: Atom) => Query | undefined,
): readonly Query[] {
  const conditions: Query[] = [];
  for (const clause of clauses) {
    const atoms = clause.map(queryOf);
    const known = atoms.filter((atom) => atom !== undefined);
    if (known.length === atoms.length && known.length > 0) conditions.push(anyOf(known));
    if (conditions.length === MOST_CLAUSES) break;
  }
  return conditions;
}

/** Undefined when an event of the source may have the atom without anything that can be looked for. */
function atomQuery(
  atom: Atom,
  source: PrunedSource,
  bindings: readonly LogSourceBinding[],
): Query | undefined {
  const pieces = piecesOf(atom);
  if (pieces.length === 0 || !source.isPlain) return undefined;
  const { field } = atom;
  if (field === undefined) return source.derived.size === 0 ? inRaw(pieces) : undefined;
  const alternatives = [inRaw(pieces)];
  for (const name of new Set(bindings.map((binding) => ownName(binding, field)))) {
    if (name === '@timestamp' || isMadeUp(name, source.derived)) return undefined;
    if (!source.ecs.has(name)) continue;
    const kind = ECS_COLUMNS[name as keyof typeof ECS_COLUMNS];
    if (kind !== 'text' && kind !== 'list') return undefined;
    alternatives.push(inColumn(name, pieces));
  }
  return anyOf(alternatives);
}

interface Fitting {
  readonly source: PrunedSource;
  readonly bindings: readonly LogSourceBinding[];
}

/** For events whose source is not known: they may be of any source that fits, once they are read again. */
function plainEverywhere(atom: Atom, fitting: readonly Fitting[]): Query | undefined {
  const queries = fitting.map(({ source, bindings }) => atomQuery(atom, source, bindings));
  const [first] = queries;
  const isSame = queries.every((query) => query?.kind !== 'or' && query !== undefined);
  return isSame ? first : undefined;
}

function isMadeUp(name: string, derived: ReadonlySet<string>): boolean {
  for (const made of derived) {
    if (made === name || name.startsWith(`${made}.`) || made.startsWith(`${name}.`)) return true;
  }
  return false;
}

/** The longest first. */
function piecesOf({ how, text }: Atom): string[] {
  if (how === 'present') return [];
  const pieces = text.match(PIECE) ?? [];
  return pieces.toSorted((a, b) => b.length - a.length).slice(0, MOST_PIECES);
}

/** Parts of words: what a rule looks for may stand inside one. */
function inRaw(pieces: readonly string[]): Query {
  return allOf(pieces.map((piece) => ({ kind: 'text', pattern: [MANY, piece, MANY] })));
}

function inColumn(field: string, pieces: readonly string[]): Query {
  return allOf(
    pieces.map((piece) => ({ kind: 'field', field, test: { op: 'is', pattern: [MANY, piece, MANY] } })),
  );
}

function isSource(id: string): Query {
  return { kind: 'field', field: 'vigie.source', test: { op: 'is', pattern: [id] } };
}

export function anyOf(items: readonly Query[]): Query {
  return joined('or', items);
}

function allOf(items: readonly Query[]): Query {
  return joined('and', items);
}

function joined(kind: 'and' | 'or', items: readonly Query[]): Query {
  const [only] = items;
  return items.length === 1 && only !== undefined ? only : { kind, items };
}
