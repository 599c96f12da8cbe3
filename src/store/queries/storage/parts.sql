-- Parts in use, from the engine's catalogue.
SELECT table, name, partition_id AS partition, toFloat64(rows) AS rows
FROM system.parts
WHERE database = currentDatabase() AND active;
