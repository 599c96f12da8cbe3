-- For retention: in each partition, how many dead letters there are, how many came before an instant, and how many of
-- those a legal hold keeps (they came in one of the spans). Reads one narrow column of everything.
SELECT
    _partition_id AS partition,
    toFloat64(count()) AS rows,
    toFloat64(countIf(received < fromUnixTimestamp64Milli({before:Int64}))) AS over,
    toFloat64(countIf(
        received < fromUnixTimestamp64Milli({before:Int64})
        AND arrayExists((a, b) -> toUnixTimestamp64Milli(received) BETWEEN a AND b, {from:Array(Int64)}, {to:Array(Int64)}))) AS held,
    toFloat64(toUnixTimestamp64Milli(min(received))) AS oldestAtMillis
FROM dead_letters
GROUP BY partition
ORDER BY partition;
