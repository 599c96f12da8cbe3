-- What a behaviour knows of each day, oldest first.
SELECT toUInt16(day) AS window, uniqExact(subject) AS subjects, count() AS pairs, sum(events) AS events
FROM v_relations
WHERE behaviour = {behaviour:String} AND version = {version:UInt16}
    AND day >= toDate({from:UInt16}) AND day < toDate({to:UInt16})
GROUP BY window
ORDER BY window;
