-- Deletes the events of one source from one partition by writing its parts anew; ends when they are written.
ALTER TABLE events DELETE IN PARTITION ID {partition:String} WHERE source_id = {source:String}
SETTINGS mutations_sync = 1;
