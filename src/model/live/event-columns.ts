/**
 * The columns of the `events` table: which ECS name has a column of its own, and of what kind. Data only; the SQL types
 * stand in `sql/migrations/`, and a test holds the two together. One rule for all of them: the type's empty value
 * ('' or 0) means absent, and a value the column cannot hold exactly (also a real '' or 0) stands in `ecs_rest`.
 */

/** How a column takes a value: text, a list of texts, or a whole number above 0 of so many bits. */
export type ColumnKind = 'text' | 'list' | 16 | 32 | 64;

/** ECS name → kind of its column. The column's name is the ECS name with `_` for `.`. */
export const ECS_COLUMNS = {
  'event.action': 'text',
  'event.category': 'list',
  'event.type': 'list',
  'event.code': 'text',
  'event.dataset': 'text',
  'event.id': 'text',
  'event.kind': 'text',
  'event.outcome': 'text',
  'event.provider': 'text',
  'event.reason': 'text',
  'host.name': 'text',
  'user.name': 'text',
  'user.domain': 'text',
  'user.id': 'text',
  'user.target.name': 'text',
  'user.target.domain': 'text',
  'user.target.id': 'text',
  'source.ip': 'text',
  'source.port': 16,
  'source.address': 'text',
  'source.domain': 'text',
  'source.bytes': 64,
  'source.mac': 'text',
  'destination.ip': 'text',
  'destination.port': 16,
  'destination.address': 'text',
  'destination.domain': 'text',
  'destination.bytes': 64,
  'network.transport': 'text',
  'network.protocol': 'text',
  'network.direction': 'text',
  'process.name': 'text',
  'process.executable': 'text',
  'process.command_line': 'text',
  'process.pid': 32,
  'process.entity_id': 'text',
  'process.parent.name': 'text',
  'process.parent.executable': 'text',
  'process.parent.command_line': 'text',
  'process.parent.pid': 32,
  'process.hash.md5': 'text',
  'process.hash.sha256': 'text',
  'file.name': 'text',
  'file.path': 'text',
  'file.extension': 'text',
  'file.hash.md5': 'text',
  'file.hash.sha256': 'text',
  'dll.name': 'text',
  'dll.path': 'text',
  'registry.path': 'text',
  'dns.question.name': 'text',
  'dns.question.type': 'text',
  'url.original': 'text',
  'url.domain': 'text',
  'http.request.method': 'text',
  'http.response.status_code': 16,
  'user_agent.original': 'text',
  'service.name': 'text',
  'group.name': 'text',
  'rule.name': 'text',
  'observer.name': 'text',
  'log.level': 'text',
  'winlog.channel': 'text',
  'winlog.logon.type': 'text',
  'winlog.logon.id': 'text',
} as const satisfies Readonly<Record<string, ColumnKind>>;

export type EcsColumnName = keyof typeof ECS_COLUMNS;

/** @example columnOf('user.name') // 'user_name' */
export function columnOf(ecsName: string): string {
  return ecsName.replaceAll('.', '_');
}

/** What stands before the ECS columns: the event's name, its time, where it came from. */
export const HEAD_COLUMNS = [
  'node',
  'seq',
  'time',
  'time_note',
  'time_offset',
  'received',
  'receiver',
  'peer',
  'identity',
  'source_id',
  'source_version',
  'format',
] as const;

/** What stands behind them: other ECS names, own fields that `raw` does not give back, the record's text. */
export const TAIL_COLUMNS = ['ecs_rest', 'fields', 'raw'] as const;
