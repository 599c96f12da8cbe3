-- One row for each sender and source, over the hours of reception since `from` (seconds).
SELECT
    receiver, peer, identity, source_id, format,
    sum(source_hours.events) AS events,
    sum(source_hours.bytes) AS bytes,
    toUnixTimestamp64Milli(min(source_hours.first_received)) AS first_received_millis,
    toUnixTimestamp64Milli(max(source_hours.last_received)) AS last_received_millis,
    toUnixTimestamp64Micro(min(source_hours.first_time)) AS first_time_micros,
    toUnixTimestamp64Micro(max(source_hours.last_time)) AS last_time_micros,
    sum(source_hours.undated) AS undated,
    sum(source_hours.without_year) AS without_year,
    sum(source_hours.without_zone) AS without_zone,
    argMax(node, source_hours.last_received) AS sample_node,
    argMax(sample, source_hours.last_received) AS sample_seq,
    arrayMap(q -> if(isNaN(q), NULL, q), quantilesTDigestIfMerge(0.25, 0.5, 0.75)(source_hours.skew)) AS skew_seconds
FROM source_hours
WHERE hour >= toStartOfHour(toDateTime({from:UInt32}, 'UTC'))
GROUP BY receiver, peer, identity, source_id, format
ORDER BY receiver, peer, identity, source_id, format
LIMIT {limit:UInt32}
