-- Events that match a search between two instants, newest first, whole rows, for a file. Bounded by the limit and by the
-- caller's time, memory and bytes. `{{where}}` is src/store/clickhouse/search.
SELECT *
FROM v_events
WHERE time >= fromUnixTimestamp64Micro({from:Int64}) AND time < fromUnixTimestamp64Micro({to:Int64}) AND {{where}}
ORDER BY time DESC, node DESC, seq DESC
LIMIT {limit:UInt32};
