-- How many events the store has between two instants of event time. Reads one column of the days asked for.
SELECT count() AS events
FROM events
WHERE time >= fromUnixTimestamp64Micro({from:Int64}) AND time < fromUnixTimestamp64Micro({to:Int64});
