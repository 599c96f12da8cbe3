-- One dead letter by its id, with the whole record. Scans the column of ids only.
SELECT
    id, toUnixTimestamp64Milli(received) AS received_millis, receiver, peer, identity, step, reason,
    bytes AS base64,
    toUInt64(intDiv(length(bytes), 4) * 3 - countSubstrings(right(bytes, 2), '=')) AS size
FROM v_dead_letters
WHERE id = {id:String}
LIMIT 1;
