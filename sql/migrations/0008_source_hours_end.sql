-- What senders did is forgotten after 400 days: a year, and the season before to compare with. Existing parts end when
-- they are next merged.

ALTER TABLE {{table:source_hours}} {{on_cluster}}
    MODIFY TTL hour + INTERVAL 400 DAY SETTINGS materialize_ttl_after_modify = 0;
