-- Dead letters, newest first, a page at a time, with the beginning of each record (501 bytes) and its size; empty
-- filters let everything pass. Bounded by the limit; there are few letters.
SELECT
    id, toUnixTimestamp64Milli(received) AS received_millis, receiver, peer, identity, step, reason,
    substring(bytes, 1, 668) AS base64,
    toUInt64(intDiv(length(bytes), 4) * 3 - countSubstrings(right(bytes, 2), '=')) AS size
FROM v_dead_letters
WHERE (received, id) < (fromUnixTimestamp64Milli({before_millis:Int64}), {before_id:String})
    AND ({step:String} = '' OR step = {step:String})
    AND ({receiver:String} = '' OR receiver = {receiver:String})
    AND ({code:String} = '' OR reason_code = {code:String})
ORDER BY received DESC, id DESC
LIMIT 1 BY id
LIMIT {limit:UInt32};
