-- Each source's events and their span of time. Reads three narrow columns of everything.
SELECT
    source_id AS source,
    toFloat64(count()) AS events,
    toFloat64(toUnixTimestamp64Milli(min(time))) AS oldestAtMillis,
    toFloat64(toUnixTimestamp64Milli(max(time))) AS newestAtMillis,
    toFloat64(toUnixTimestamp64Milli(max(received))) AS receivedAtMillis
FROM events
GROUP BY source
ORDER BY source;
