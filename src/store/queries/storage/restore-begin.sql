-- An empty table like the one to restore, so that views on it see nothing of a restore. The engine takes no parameter for
-- the name after AS: both are put in as text, once they proved to be plain names.
CREATE OR REPLACE TABLE {{target}} AS {{table}};
