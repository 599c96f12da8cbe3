-- Columns of a table with their size before and after compression, from the catalogue; reads no data. Only columns that
-- are stored by an insert, in the table's order.
SELECT name, toFloat64(data_compressed_bytes) AS bytes, toFloat64(data_uncompressed_bytes) AS plainBytes
FROM system.columns
WHERE database = currentDatabase() AND table = {table:String} AND default_kind IN ('', 'DEFAULT')
ORDER BY position;
