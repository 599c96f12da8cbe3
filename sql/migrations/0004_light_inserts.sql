-- Batches are small beside the table's width: parts stay in one file until they are merged to this size, and a column's
-- write buffer starts small instead of at a megabyte.

ALTER TABLE {{table:events}} {{on_cluster}}
    MODIFY SETTING min_bytes_for_wide_part = 67108864, min_columns_to_activate_adaptive_write_buffer = 1;
