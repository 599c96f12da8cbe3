-- What behaviours learn from. `relations`: who used what on which day (UTC, event time), kept by one materialized view
-- for each behaviour and version (`src/store/clickhouse/relations.ts`). Scores rest on days, not on `events`: a day
-- counted twice is still that day. `behaviour_scores`: one score for each subject and window, what later ones are
-- compared with. Relations are not synced to disk at each insert, so that events go in as fast as without: a power cut may
-- cost the last seconds of them, never an event. Both are forgotten by themselves: the longest history is a year.

CREATE TABLE IF NOT EXISTS {{table:relations}} {{on_cluster}}
(
    behaviour LowCardinality(String),
    version UInt16,
    day Date,
    subject String CODEC(ZSTD(1)),
    object String CODEC(ZSTD(1)),
    events SimpleAggregateFunction(sum, UInt64),
    first_time SimpleAggregateFunction(min, DateTime64(6, 'UTC')),
    last_time SimpleAggregateFunction(max, DateTime64(6, 'UTC'))
)
ENGINE = {{aggregating:relations}}
PARTITION BY if(day BETWEEN '2000-01-01' AND '2099-12-31', toYYYYMM(day), 0)
ORDER BY (behaviour, version, day, subject, object)
TTL day + INTERVAL 400 DAY
SETTINGS {{remembering}};

{{distributed:relations}};

CREATE TABLE IF NOT EXISTS {{table:behaviour_scores}} {{on_cluster}}
(
    behaviour LowCardinality(String),
    version UInt16,
    day Date,
    subject String CODEC(ZSTD(1)),
    score Float64,
    bits Float64
)
ENGINE = {{engine:behaviour_scores}}
PARTITION BY if(day BETWEEN '2000-01-01' AND '2099-12-31', toYYYYMM(day), 0)
ORDER BY (behaviour, version, day, subject)
TTL day + INTERVAL 400 DAY
SETTINGS {{durable}};

{{distributed:behaviour_scores}};
