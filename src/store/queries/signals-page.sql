-- Signals, newest first, a page at a time; empty filters let everything pass. The same signal written twice (a retro
-- run over what was found live) is shown once. Bounded by the limit; reads the months between the two instants.
SELECT
    id, toUnixTimestamp64Micro(at) AS at_micros, kind, content_id, content_version, title_en, title_fr, level,
    surprise_bits, entity_kinds, entity_names, event_nodes, event_seqs, tactics, techniques, deciding_fields,
    deciding_values, explanation_en, explanation_fr, details
FROM v_signals
WHERE at >= fromUnixTimestamp64Micro({from:Int64}) AND at < fromUnixTimestamp64Micro({to:Int64})
    AND (at, id) < (fromUnixTimestamp64Micro({before_micros:Int64}), {before_id:String})
    AND ({kind:String} = '' OR kind = {kind:String})
    AND (empty({levels:Array(String)}) OR has({levels:Array(String)}, level))
    AND ({entity_name:String} = '' OR arrayExists(
        (k, n) -> k = {entity_kind:String} AND lowerUTF8(n) = {entity_name:String}, entity_kinds, entity_names))
ORDER BY at DESC, id DESC
LIMIT 1 BY id
LIMIT {limit:UInt32};
