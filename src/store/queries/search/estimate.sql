-- How many rows lie in the granules that two instants leave, by the table's order and its parts' bounds; reads none.
SELECT sum(rows) AS rows
FROM (
    EXPLAIN ESTIMATE
    SELECT time
    FROM v_events
    WHERE time >= fromUnixTimestamp64Micro({from:Int64}) AND time < fromUnixTimestamp64Micro({to:Int64})
);
