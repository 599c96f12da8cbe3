-- Reads every part of a table and compares it with its checksums: one row for each part.
CHECK TABLE {{table}};
