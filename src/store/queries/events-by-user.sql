-- How many events each of these users has since an instant (microseconds). Reads two columns of the days asked for.
SELECT user_name AS user, count() AS events
FROM events
WHERE time >= fromUnixTimestamp64Micro({from:Int64}) AND user_name IN {users:Array(String)}
GROUP BY user
ORDER BY user;
