-- Every event, one row each. Empty ('' or 0) means absent; other ECS names stand in `ecs_rest`, own names in `fields`
-- (in `raw` for JSON). On a cluster ON CLUSTER makes it on every node.
CREATE OR REPLACE VIEW v_events {{on_cluster}} AS SELECT * FROM events;
