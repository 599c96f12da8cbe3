-- Records that could not go on. `bytes` is base64, because a record may be any bytes; `reason` is the issue as JSON.

CREATE TABLE IF NOT EXISTS {{table:dead_letters}} {{on_cluster}}
(
    id String,
    received DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    receiver LowCardinality(String),
    peer LowCardinality(String),
    identity LowCardinality(String),
    step LowCardinality(String),
    reason_code LowCardinality(String),
    reason String CODEC(ZSTD(1)),
    bytes String CODEC(ZSTD(1))
)
ENGINE = {{engine:dead_letters}}
PARTITION BY toYYYYMM(received)
ORDER BY (received, id)
SETTINGS {{durable}};

{{distributed:dead_letters}};
