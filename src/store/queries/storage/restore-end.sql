-- Removes what restore-begin made.
DROP TABLE IF EXISTS {{target}} SYNC;
