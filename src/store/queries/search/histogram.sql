-- How many events match a search, in buckets of equal length. The caller chooses at most a thousand buckets.
SELECT intDiv(toUnixTimestamp64Micro(time) - {from:Int64}, {bucket:Int64}) AS bucket, count() AS events
FROM v_events
WHERE time >= fromUnixTimestamp64Micro({from:Int64}) AND time < fromUnixTimestamp64Micro({to:Int64}) AND {{where}}
GROUP BY bucket
ORDER BY bucket;
