/**
 * The engine macros of `sql/`: one text for one server and for a cluster. On a cluster a table `x` is kept as
 * `x_local` (replicated, on every shard) and read and written through a distributed table `x`.
 */

/** Batches a table remembers by their token. */
const REMEMBERED_BATCHES = 10_000;

/** @throws Error naming an unknown macro */
export function renderSql(text: string, cluster: string | undefined): string {
  return text.replace(/\{\{(\w+)(?::(\w+))?\}\}/g, (whole, macro: string, table: string = '') => {
    const rendered = cluster === undefined ? single(macro, table) : clustered(macro, table, cluster);
    if (rendered === undefined) throw new Error(`unknown macro ${whole}`);
    return rendered;
  });
}

function single(macro: string, table: string): string | undefined {
  switch (macro) {
    case 'table':
      return table;
    case 'on_cluster':
    case 'distributed':
      return '';
    case 'engine':
      return 'MergeTree';
    case 'aggregating':
      return 'AggregatingMergeTree';
    case 'remembering':
      return `non_replicated_deduplication_window = ${REMEMBERED_BATCHES}`;
    case 'durable':
      return `fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = ${REMEMBERED_BATCHES}`;
    default:
      return undefined;
  }
}

function clustered(macro: string, table: string, cluster: string): string | undefined {
  switch (macro) {
    case 'table':
      return `${table}_local`;
    case 'on_cluster':
      return `ON CLUSTER '${cluster}'`;
    case 'engine':
      return `ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/${table}', '{replica}')`;
    case 'aggregating':
      return `ReplicatedAggregatingMergeTree('/clickhouse/tables/{shard}/{database}/${table}', '{replica}')`;
    case 'remembering':
      return `replicated_deduplication_window = ${REMEMBERED_BATCHES}`;
    case 'durable':
      return `fsync_after_insert = 1, fsync_part_directory = 1, replicated_deduplication_window = ${REMEMBERED_BATCHES}`;
    case 'distributed':
      return `CREATE TABLE IF NOT EXISTS ${table} ON CLUSTER '${cluster}' AS ${table}_local ENGINE = Distributed('${cluster}', currentDatabase(), '${table}_local', rand())`;
    default:
      return undefined;
  }
}
