-- Who used what on one day.
SELECT subject, object, events
FROM v_relations
WHERE behaviour = {behaviour:String} AND version = {version:UInt16} AND day = toDate({day:UInt16})
ORDER BY subject, object;
