-- The most frequent values of one field among the events that match a search. Memory is bounded: topK keeps a sketch.
-- `{{value}}` is the field's expression (an array of texts) from src/store/clickhouse/search.
SELECT item.1 AS value, item.2 AS events
FROM (
    SELECT arrayJoin(approx_top_k(100, 10000)(value)) AS item
    FROM (
        SELECT arrayJoin({{value}}) AS value
        FROM v_events
        WHERE time >= fromUnixTimestamp64Micro({from:Int64}) AND time < fromUnixTimestamp64Micro({to:Int64}) AND {{where}}
    )
    WHERE value != ''
)
ORDER BY events DESC, value
LIMIT {limit:UInt32};
