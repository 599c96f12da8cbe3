-- When each sender was last heard, over the hours since `from` (seconds).
SELECT receiver, peer, identity, toUnixTimestamp64Milli(max(source_hours.last_received)) AS last_received_millis
FROM source_hours
WHERE hour >= toStartOfHour(toDateTime({from:UInt32}, 'UTC'))
GROUP BY receiver, peer, identity
LIMIT {limit:UInt32}
