-- Parts that are on the disk and not in use: those the engine found damaged when it started, those set aside by a check.
SELECT table, name, partition_id AS partition, reason
FROM system.detached_parts
WHERE database = currentDatabase() AND reason IN ('', 'broken-on-start', 'broken', 'unexpected', 'covered-by-broken');
