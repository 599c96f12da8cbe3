-- Dead letters that a person is done with: replayed (as they were, or mended) or discarded. A letter without a row here
-- is open. The letters themselves are in the event store, which is append-only; this is what was decided about them.

CREATE TABLE closed_dead_letters (
  id text PRIMARY KEY,
  outcome text NOT NULL,
  is_mended integer NOT NULL,
  closed_at bigint NOT NULL,
  closed_by text NOT NULL
)
