-- For retention: in each partition, how many signals there are, how many were written before an instant, and how many of
-- those a legal hold keeps (their time lies in one of the spans). Reads two narrow columns of everything.
SELECT
    _partition_id AS partition,
    toFloat64(count()) AS rows,
    toFloat64(countIf(written < fromUnixTimestamp64Milli({before:Int64}))) AS over,
    toFloat64(countIf(
        written < fromUnixTimestamp64Milli({before:Int64})
        AND arrayExists((a, b) -> toUnixTimestamp64Milli(at) BETWEEN a AND b, {from:Array(Int64)}, {to:Array(Int64)}))) AS held,
    toFloat64(toUnixTimestamp64Milli(min(written))) AS oldestAtMillis
FROM signals
GROUP BY partition
ORDER BY partition;
