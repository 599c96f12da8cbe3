-- Who looked at which personal data, and what was asked, coalesced. The journal has one entry for each row, with the
-- SHA-256 of salt and query and never the query itself: a query names people and is forgotten in its time, the journal
-- is not. Once the row is gone, nobody can say what the hash stood for.

CREATE TABLE looks (
  id text PRIMARY KEY,
  actor_kind text NOT NULL,
  actor_name text NOT NULL,
  kind text NOT NULL,
  query text NOT NULL,
  salt text NOT NULL,
  first_at bigint NOT NULL,
  last_at bigint NOT NULL,
  times integer NOT NULL
)

CREATE INDEX looks_last_at ON looks (last_at)
