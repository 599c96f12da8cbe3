-- What rules, correlations, indicators and behaviours found. `details` is JSON text. Parallel arrays: the n-th kind and
-- the n-th name are one entity, the n-th node and the n-th seq one event. One partition a month, absurd dates in one.

CREATE TABLE IF NOT EXISTS {{table:signals}} {{on_cluster}}
(
    id String CODEC(ZSTD(1)),
    at DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    kind LowCardinality(String),
    content_id LowCardinality(String),
    content_version LowCardinality(String),
    title_en LowCardinality(String),
    title_fr LowCardinality(String),
    level LowCardinality(String),
    surprise_bits Nullable(Float64),
    entity_kinds Array(LowCardinality(String)),
    entity_names Array(String) CODEC(ZSTD(1)),
    event_nodes Array(UInt16) CODEC(ZSTD(1)),
    event_seqs Array(UInt64) CODEC(ZSTD(1)),
    tactics Array(LowCardinality(String)),
    techniques Array(LowCardinality(String)),
    deciding_fields Array(LowCardinality(String)),
    deciding_values Array(String) CODEC(ZSTD(1)),
    explanation_en String CODEC(ZSTD(1)),
    explanation_fr String CODEC(ZSTD(1)),
    details String CODEC(ZSTD(1)),
    written DateTime64(3, 'UTC') MATERIALIZED now64(3, 'UTC')
)
ENGINE = {{engine:signals}}
PARTITION BY if(at BETWEEN '2000-01-01' AND '2099-12-31', toYYYYMM(at), 0)
ORDER BY (at, content_id, id)
SETTINGS {{durable}};

{{distributed:signals}};
