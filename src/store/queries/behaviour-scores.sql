-- Past scores of a behaviour, the most recent ones when there are very many. A window scored twice counts once.
SELECT max(score) AS score
FROM v_behaviour_scores
WHERE behaviour = {behaviour:String} AND version = {version:UInt16}
    AND day >= toDate({from:UInt16}) AND day < toDate({day:UInt16})
GROUP BY day, subject
ORDER BY day DESC, subject
LIMIT {limit:UInt32};
