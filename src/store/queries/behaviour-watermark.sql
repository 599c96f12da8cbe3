-- The first and the latest time of any event that is not in the future.
SELECT toUnixTimestamp64Micro(max(time)) AS latest, toUnixTimestamp64Micro(min(time)) AS earliest,
    toUInt8(count() > 0) AS has_events
FROM v_events
WHERE time <= fromUnixTimestamp64Micro({now:Int64});
