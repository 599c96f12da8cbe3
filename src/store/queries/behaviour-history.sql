-- On how many days each used each, and since when, strictly before a day.
SELECT subject, object, uniqExact(day) AS days, toUInt16(min(day)) AS first
FROM v_relations
WHERE behaviour = {behaviour:String} AND version = {version:UInt16}
    AND day >= toDate({from:UInt16}) AND day < toDate({day:UInt16})
GROUP BY subject, object
ORDER BY subject, object;
