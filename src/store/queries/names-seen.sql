-- Hosts, accounts and addresses named by what was received in (after, until], milliseconds; the most frequent first.
-- Only events whose own time is near are looked at: an old archive is not what the site has today.
SELECT kind, name, count() AS events,
    toUnixTimestamp64Milli(min(received)) AS first_seen_millis,
    toUnixTimestamp64Milli(max(received)) AS last_seen_millis
FROM events
ARRAY JOIN
    ['host', 'user', 'address'] AS kind,
    [toString(host_name), if(user_name = '' OR user_domain = '', toString(user_name), concat(user_domain, '\\', user_name)), toString(source_ip)] AS name
WHERE received > fromUnixTimestamp64Milli({after:Int64}, 'UTC')
    AND received <= fromUnixTimestamp64Milli({until:Int64}, 'UTC')
    AND time > fromUnixTimestamp64Milli({after:Int64}, 'UTC') - INTERVAL 2 DAY
    AND name != ''
GROUP BY kind, name
ORDER BY events DESC, kind, name
LIMIT {limit:UInt32}
