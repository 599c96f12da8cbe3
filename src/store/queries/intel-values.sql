-- The distinct values of every field that can carry an indicator, in a window of event time. `names` are the ECS names
-- without a column, `own` the sources' own names. One more than the limit means: ask for a smaller window.
SELECT pair.1 AS name, pair.2 AS value
FROM
(
    SELECT arrayJoin(arrayFilter(item -> item.2 != '' AND item.2 != '-', arrayConcat(
        [
            ('source.ip', CAST(source_ip, 'String')),
            ('source.address', CAST(source_address, 'String')),
            ('source.domain', CAST(source_domain, 'String')),
            ('destination.ip', CAST(destination_ip, 'String')),
            ('destination.address', CAST(destination_address, 'String')),
            ('destination.domain', CAST(destination_domain, 'String')),
            ('dns.question.name', dns_question_name),
            ('host.name', CAST(host_name, 'String')),
            ('url.domain', CAST(url_domain, 'String')),
            ('url.original', url_original),
            ('url.path', if(startsWith(url_original, '/'), concat(CAST(url_domain, 'String'), url_original), '')),
            ('process.hash.md5', CAST(process_hash_md5, 'String')),
            ('process.hash.sha256', CAST(process_hash_sha256, 'String')),
            ('file.hash.md5', file_hash_md5),
            ('file.hash.sha256', file_hash_sha256)
        ],
        arrayFilter(item -> has({names:Array(String)}, item.1),
            arrayZip(CAST(mapKeys(ecs_rest), 'Array(String)'), mapValues(ecs_rest))),
        arrayFilter(item -> has({own:Array(String)}, item.1),
            arrayZip(CAST(mapKeys(fields), 'Array(String)'), mapValues(fields)))
    ))) AS pair
    FROM events
    WHERE time >= fromUnixTimestamp64Micro({from:Int64}) AND time < fromUnixTimestamp64Micro({to:Int64})
)
GROUP BY name, value
LIMIT {most:UInt32};
