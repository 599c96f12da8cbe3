-- Events that match a search between two instants, newest first, a page at a time: those before (time, node, seq) of
-- the last one seen. Bounded by the limit and by the caller's time and memory. `{{where}}` is src/store/clickhouse/search.
SELECT
    node, seq, toUnixTimestamp64Micro(time) AS time_micros, time_note, time_offset,
    toUnixTimestamp64Milli(received) AS received_millis, * EXCEPT (node, seq, time, time_note, time_offset, received)
FROM v_events
WHERE time >= fromUnixTimestamp64Micro({from:Int64}) AND time < fromUnixTimestamp64Micro({to:Int64})
    AND (time, node, seq) < (fromUnixTimestamp64Micro({before_micros:Int64}), {before_node:UInt32}, {before_seq:UInt64})
    AND {{where}}
ORDER BY time DESC, node DESC, seq DESC
LIMIT {limit:UInt32};
