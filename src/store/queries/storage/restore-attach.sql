-- Takes over a restored partition whole or not at all.
ALTER TABLE {table:Identifier} ATTACH PARTITION ID {partition:String} FROM {target:Identifier};
