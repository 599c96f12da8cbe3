-- Who sent what, an hour of reception a row, kept by a view over `events`: `vigie sources` reads this and not the events,
-- and it outlives their retention. `minutes` has one bit for each minute of the hour in which something came. `skew` is
-- reception minus event time in seconds, of events that have a time of their own. Not synced to disk at each insert: a
-- power cut may cost the last seconds of these counts, never events.

CREATE TABLE IF NOT EXISTS {{table:source_hours}} {{on_cluster}}
(
    hour DateTime('UTC') CODEC(Delta, ZSTD(1)),
    receiver LowCardinality(String),
    peer LowCardinality(String),
    identity LowCardinality(String),
    source_id LowCardinality(String),
    format LowCardinality(String),
    node UInt16,
    events SimpleAggregateFunction(sum, UInt64),
    bytes SimpleAggregateFunction(sum, UInt64),
    minutes SimpleAggregateFunction(groupBitOr, UInt64),
    first_received SimpleAggregateFunction(min, DateTime64(3, 'UTC')),
    last_received SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
    first_time SimpleAggregateFunction(min, DateTime64(6, 'UTC')),
    last_time SimpleAggregateFunction(max, DateTime64(6, 'UTC')),
    undated SimpleAggregateFunction(sum, UInt64),
    without_year SimpleAggregateFunction(sum, UInt64),
    without_zone SimpleAggregateFunction(sum, UInt64),
    sample SimpleAggregateFunction(max, UInt64),
    skew AggregateFunction(quantilesTDigestIf(0.25, 0.5, 0.75), Float32, UInt8)
)
ENGINE = {{aggregating:source_hours}}
PARTITION BY toYYYYMM(hour)
ORDER BY (hour, receiver, peer, identity, source_id, format, node)
SETTINGS {{remembering}};

{{distributed:source_hours}};

CREATE MATERIALIZED VIEW IF NOT EXISTS source_hours_kept {{on_cluster}} TO {{table:source_hours}} AS
SELECT
    toStartOfHour(toDateTime(received, 'UTC')) AS hour,
    receiver,
    peer,
    identity,
    source_id,
    format,
    node,
    count() AS events,
    sum(length(raw)) AS bytes,
    groupBitOr(bitShiftLeft(toUInt64(1), toMinute(received))) AS minutes,
    min(received) AS first_received,
    max(received) AS last_received,
    min(time) AS first_time,
    max(time) AS last_time,
    countIf(time_note IN ('absent', 'out of range')) AS undated,
    countIf(time_note LIKE '%year%') AS without_year,
    countIf(time_note LIKE '%zone%') AS without_zone,
    max(seq) AS sample,
    quantilesTDigestIfState(0.25, 0.5, 0.75)(toFloat32(toFloat64(received) - toFloat64(time)), time_note NOT IN ('absent', 'out of range')) AS skew
FROM {{table:events}}
GROUP BY hour, receiver, peer, identity, source_id, format, node;
