-- An empty table like the one to restore, so that views on it see nothing of a restore.
CREATE OR REPLACE TABLE {target:Identifier} AS {table:Identifier};
