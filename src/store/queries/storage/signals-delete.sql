-- Deletes signals written before an instant from one partition, but those of legal holds; ends when it is done.
ALTER TABLE signals DELETE IN PARTITION ID {partition:String}
WHERE written < fromUnixTimestamp64Milli({before:Int64})
    AND NOT arrayExists((a, b) -> toUnixTimestamp64Milli(at) BETWEEN a AND b, {from:Array(Int64)}, {to:Array(Int64)})
SETTINGS mutations_sync = 1;
