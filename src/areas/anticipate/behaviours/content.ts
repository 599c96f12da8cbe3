/** Reads `content/behaviours/` and a site's own: what each learns, checked. It touches no store. */
import path from 'node:path';
import { Behaviour } from '../../../model/content/behaviour.ts';
import type { Issue, WithIssues } from '../../../model/issue.ts';
import { columnOf, ECS_COLUMNS } from '../../../model/live/event-columns.ts';
import type { Query } from '../../../model/query.ts';
import { readContentFolder } from '../../../platform/content.ts';
import { parseQuery } from '../../../query/index.ts';

export interface LoadedBehaviour {
  readonly content: Behaviour;
  readonly query: Query;
}

const TEXT_COLUMNS = new Set(
  Object.entries(ECS_COLUMNS).flatMap(([name, kind]) => (kind === 'text' ? [columnOf(name)] : [])),
);

/** Of each directory in order; the same id in a later one replaces the earlier. */
export function loadBehaviours(directories: readonly string[]): WithIssues<LoadedBehaviour[]> {
  const issues: Issue[] = [];
  const loaded = new Map<string, LoadedBehaviour>();
  for (const directory of directories) {
    for (const file of readContentFolder(Behaviour, path.join(directory, 'behaviours'), issues)) {
      const query = queryOf(file.value, file.path, issues);
      if (query !== undefined) loaded.set(file.value.id, { content: file.value, query });
    }
  }
  const inOrder = [...loaded.values()].sort((a, b) => (a.content.id < b.content.id ? -1 : 1));
  return { value: inOrder, issues };
}

/** Undefined when something cannot be used; why is an issue. */
function queryOf(content: Behaviour, file: string, issues: Issue[]): Query | undefined {
  const refuse = (pointer: string, reason: string): undefined => {
    issues.push({ code: 'CONTENT_INVALID', place: { path: file, pointer }, params: { reason } });
  };
  for (const part of ['subject', 'object'] as const) {
    const { field } = content[part];
    if (!TEXT_COLUMNS.has(columnOf(field)))
      return refuse(`${part}.field`, `${field} has no column of its own`);
  }
  const { value, issues: complaints } = parseQuery(content.events);
  issues.push(...complaints.map((one) => ({ ...one, place: { path: file, pointer: 'events' } })));
  if (value !== undefined && hasTime(value))
    return refuse('events', 'a search over times cannot be learnt from');
  return complaints.length > 0 ? undefined : value;
}

function hasTime(query: Query): boolean {
  if (query.kind === 'and' || query.kind === 'or') return query.items.some(hasTime);
  if (query.kind === 'not') return hasTime(query.item);
  return query.kind === 'field' && (query.field === '@timestamp' || query.field === 'event.ingested');
}
