-- For retention: in each partition, how many events of each source there are, the newest reception and the span of
-- event time. Reads three narrow columns of everything; run once a day.
SELECT
    _partition_id AS partition,
    source_id AS source,
    toFloat64(count()) AS events,
    toFloat64(toUnixTimestamp64Milli(max(received))) AS receivedAtMillis,
    toFloat64(toUnixTimestamp64Milli(min(time))) AS oldestAtMillis,
    toFloat64(toUnixTimestamp64Milli(max(time))) AS newestAtMillis
FROM events
GROUP BY partition, source
ORDER BY partition, source;
