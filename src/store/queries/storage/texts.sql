-- Mean length of each source's texts, from one block of rows in so many. Reads the texts of those blocks only.
SELECT source_id AS source, avg(length(raw)) AS meanBytes
FROM events
PREWHERE cityHash64(_part, intDiv(_part_offset, 8192)) % {one_in:UInt32} = 0
GROUP BY source;
