-- Events between two instants of event time, of one source or of all (empty), for an export; streamed, in no order.
SELECT * FROM v_events
WHERE time >= fromUnixTimestamp64Milli({from:Int64}) AND time < fromUnixTimestamp64Milli({to:Int64})
    AND ({source:String} = '' OR source_id = {source:String});
