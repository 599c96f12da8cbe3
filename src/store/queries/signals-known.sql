-- Which of these signals of a span are stored already.
SELECT id
FROM signals
WHERE at >= fromUnixTimestamp64Micro({from:Int64}) AND at < fromUnixTimestamp64Micro({to:Int64})
    AND kind = {kind:String} AND id IN {ids:Array(String)}
GROUP BY id;
