-- One signal by its id. Scans the column of ids only.
SELECT
    id, toUnixTimestamp64Micro(at) AS at_micros, kind, content_id, content_version, title_en, title_fr, level,
    surprise_bits, entity_kinds, entity_names, event_nodes, event_seqs, tactics, techniques, deciding_fields,
    deciding_values, explanation_en, explanation_fr, details
FROM v_signals
WHERE id = {id:String}
LIMIT 1;
