-- Drops one partition: its files are removed at once.
ALTER TABLE {table:Identifier} DROP PARTITION ID {partition:String};
