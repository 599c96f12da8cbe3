-- Every partition of our own tables with its size, from the engine's catalogue; reads no data.
SELECT table, partition_id AS partition,
    toFloat64(sum(part.rows)) AS rows, toFloat64(sum(bytes_on_disk)) AS bytes, toUInt32(count()) AS parts,
    any(engine) AS engine
FROM system.parts AS part
WHERE database = currentDatabase() AND active AND part.rows > 0 AND table NOT LIKE 'schema_%' AND table NOT LIKE 'restore_%'
GROUP BY table, partition
ORDER BY table, partition;
