-- Views of behaviours that exist.
SELECT name FROM system.tables WHERE database = currentDatabase() AND startsWith(name, 'relation_') ORDER BY name;
