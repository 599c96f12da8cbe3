-- Takes over a restored partition whole or not at all. Table names as in restore-begin.
ALTER TABLE {{table}} ATTACH PARTITION ID {partition:String} FROM {{target}};
