-- One day of events that were there before the view. Running it twice adds to `events`, to nothing that is scored.
INSERT INTO relations (behaviour, version, day, subject, object, events, first_time, last_time)
SELECT {{behaviour}}, toUInt16({{version}}), day, subject, object, count(), min(time), max(time)
FROM (
    SELECT time, toDate(time) AS day, {{subject}} AS subject, {{object}} AS object
    FROM v_events
    WHERE time >= fromUnixTimestamp64Micro({from:Int64}) AND time < fromUnixTimestamp64Micro({to:Int64}) AND {{where}}
)
WHERE subject != '' AND object != ''
GROUP BY day, subject, object;
