-- Who sent what, hour of reception by hour: counts, times and the quartiles of reception minus event time in seconds.
CREATE OR REPLACE VIEW v_sources {{on_cluster}} AS
SELECT
    hour, receiver, peer, identity, source_id, format, node,
    sum(source_hours.events) AS events,
    sum(source_hours.bytes) AS bytes,
    groupBitOr(source_hours.minutes) AS minutes,
    min(source_hours.first_received) AS first_received,
    max(source_hours.last_received) AS last_received,
    min(source_hours.first_time) AS first_time,
    max(source_hours.last_time) AS last_time,
    sum(source_hours.undated) AS undated,
    sum(source_hours.without_year) AS without_year,
    sum(source_hours.without_zone) AS without_zone,
    max(source_hours.sample) AS sample,
    quantilesTDigestIfMerge(0.25, 0.5, 0.75)(source_hours.skew) AS skew_seconds
FROM source_hours
GROUP BY hour, receiver, peer, identity, source_id, format, node;
