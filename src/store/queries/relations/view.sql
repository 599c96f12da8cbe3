-- Keeps a behaviour's relation as events come in. A view takes no parameters: what stands in the braces is put together
-- by `relations.ts` from the closed list of columns and from quoted literals.
CREATE MATERIALIZED VIEW IF NOT EXISTS {{name}} {{on_cluster}} TO {{table:relations}} AS
SELECT {{behaviour}} AS behaviour, toUInt16({{version}}) AS version, day, subject, object,
    count() AS events, min(time) AS first_time, max(time) AS last_time
FROM (
    SELECT time, toDate(time) AS day, {{subject}} AS subject, {{object}} AS object
    FROM {{table:events}}
    WHERE {{where}}
)
WHERE subject != '' AND object != ''
GROUP BY day, subject, object;
