-- Full text: any part of a word of `raw`, whatever its case, is found from the index (`raw ILIKE '%part%'` is answered by
-- its dictionary). Inserts do not build it (INSERT_SETTINGS): merges do, once parts have grown; events stored before this
-- migration get it when their parts are next merged. Needs ClickHouse 26.2.

ALTER TABLE {{table:events}} {{on_cluster}}
    ADD INDEX IF NOT EXISTS raw_text raw TYPE text(tokenizer = splitByNonAlpha, preprocessor = lower(raw));
