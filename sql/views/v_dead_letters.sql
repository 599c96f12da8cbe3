-- Every record that could not go on; `bytes` is base64.
CREATE OR REPLACE VIEW v_dead_letters {{on_cluster}} AS SELECT * FROM dead_letters;
