-- What behaviours scored, one row for each subject and window: the model's bits (`score`) and the calibrated ones (`bits`).
CREATE OR REPLACE VIEW v_behaviour_scores {{on_cluster}} AS SELECT * FROM behaviour_scores;
