/**
 * Rows of one table on their way to the event store. Of `events`: blocks of ClickHouse's Native format
 * (`event-block.ts`). Of the others: JSONCompactEachRow, a newline after each.
 */
export interface Rows {
  readonly bytes: Uint8Array;
  readonly count: number;
}
