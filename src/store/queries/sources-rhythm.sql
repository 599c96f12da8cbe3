-- The minutes in which each sender spoke, hour by hour since `from` (seconds): two halves of 30 bits, because a reader of
-- JSON numbers has 53.
SELECT
    receiver, peer, identity,
    groupArray(hour_seconds) AS hours,
    groupArray(toUInt32(bitAnd(bits, 1073741823))) AS first_halves,
    groupArray(toUInt32(bitShiftRight(bits, 30))) AS second_halves
FROM
(
    SELECT receiver, peer, identity, toUnixTimestamp(hour) AS hour_seconds, groupBitOr(source_hours.minutes) AS bits
    FROM source_hours
    WHERE hour >= toStartOfHour(toDateTime({from:UInt32}, 'UTC'))
    GROUP BY receiver, peer, identity, hour
)
GROUP BY receiver, peer, identity
ORDER BY receiver, peer, identity
LIMIT {limit:UInt32}
