-- The events behind one relation between two instants, the first fifty.
SELECT node, seq
FROM v_events
WHERE time >= fromUnixTimestamp64Micro({from:Int64}) AND time < fromUnixTimestamp64Micro({to:Int64}) AND {{where}}
    AND {{subject}} = {subject:String} AND {{object}} = {object:String}
ORDER BY time, node, seq
LIMIT 50;
