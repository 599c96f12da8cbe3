-- Records of each sender that could not go on, since `from` (seconds).
SELECT receiver, peer, identity, count() AS letters
FROM dead_letters
WHERE received >= toDateTime({from:UInt32}, 'UTC')
GROUP BY receiver, peer, identity
LIMIT {limit:UInt32}
