-- All rows of one partition, for a backup; streamed, in no order.
SELECT * FROM {table:Identifier} WHERE _partition_id = {partition:String};
