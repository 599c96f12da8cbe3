-- Who used what on which day, for each behaviour.
CREATE OR REPLACE VIEW v_relations {{on_cluster}} AS
SELECT behaviour, version, day, subject, object, sum(events) AS events, min(first_time) AS first_time, max(last_time) AS last_time
FROM relations GROUP BY behaviour, version, day, subject, object;
