-- The events of a window that have one of the values in a field that can carry an indicator (`intel-values.sql` gave
-- the values). Every such field of the event comes along, and who it is about.
SELECT
    node,
    seq,
    toUnixTimestamp64Micro(time) AS at,
    CAST(user_name, 'String') AS user,
    arrayMap(item -> item.1, pairs) AS names,
    arrayMap(item -> item.2, pairs) AS values,
    arrayMap(item -> item.1, owns) AS own_names,
    arrayMap(item -> item.2, owns) AS own_values
FROM
(
    SELECT
        node, seq, time, user_name,
        arrayFilter(item -> item.2 != '' AND item.2 != '-', arrayConcat(
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
                arrayZip(CAST(mapKeys(ecs_rest), 'Array(String)'), mapValues(ecs_rest)))
        )) AS pairs,
        arrayFilter(item -> has({own:Array(String)}, item.1),
            arrayZip(CAST(mapKeys(fields), 'Array(String)'), mapValues(fields))) AS owns
    FROM events
    WHERE time >= fromUnixTimestamp64Micro({from:Int64}) AND time < fromUnixTimestamp64Micro({to:Int64})
)
WHERE arrayExists(item -> has({wanted:Array(String)}, item.2), arrayConcat(pairs, owns))
ORDER BY time, node, seq
LIMIT {most:UInt32};
