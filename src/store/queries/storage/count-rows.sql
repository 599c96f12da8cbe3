-- Rows of a table, from its catalogue.
SELECT toFloat64(count()) AS rows FROM {table:Identifier};
