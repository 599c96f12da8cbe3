-- The system of record: settings, tokens, journal, and what lets several nodes work together.
-- Statements are parted by one empty line. A statement that begins with "-- sqlite" or "-- postgres" is for that engine
-- only; everything else runs on both. Instants are milliseconds since 1970; *_json holds JSON text.

CREATE TABLE settings (
  name text PRIMARY KEY,
  value_json text NOT NULL,
  updated_at bigint NOT NULL
)

CREATE TABLE source_settings (
  source text PRIMARY KEY,
  retention_days integer,
  rhythm_seconds integer,
  updated_at bigint NOT NULL
)

CREATE TABLE sender_names (
  receiver text NOT NULL,
  peer text NOT NULL,
  identity text NOT NULL,
  name text NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (receiver, peer, identity)
)

CREATE TABLE api_tokens (
  id text PRIMARY KEY,
  name text NOT NULL,
  secret_sha256 text NOT NULL,
  scopes_json text NOT NULL,
  identity text,
  created_at bigint NOT NULL,
  created_by text NOT NULL,
  expires_at bigint,
  last_used_at bigint,
  revoked_at bigint
)

CREATE TABLE saved_searches (
  id text PRIMARY KEY,
  name text NOT NULL UNIQUE,
  query text NOT NULL,
  options_json text NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  updated_by text NOT NULL
)

CREATE TABLE retention_holds (
  id text PRIMARY KEY,
  reason text NOT NULL,
  source text,
  from_at bigint NOT NULL,
  to_at bigint NOT NULL,
  created_at bigint NOT NULL,
  created_by text NOT NULL,
  released_at bigint
)

CREATE TABLE leases (
  name text PRIMARY KEY,
  owner text NOT NULL,
  fencing bigint NOT NULL,
  expires_at bigint NOT NULL
)

CREATE TABLE nodes (
  number integer PRIMARY KEY,
  node_key text NOT NULL UNIQUE,
  label text NOT NULL,
  first_seen_at bigint NOT NULL,
  last_seen_at bigint NOT NULL
)

CREATE TABLE cursors (
  name text PRIMARY KEY,
  value_json text NOT NULL,
  updated_at bigint NOT NULL
)

CREATE TABLE journal (
  seq bigint PRIMARY KEY,
  at bigint NOT NULL,
  actor_kind text NOT NULL,
  actor_name text NOT NULL,
  action text NOT NULL,
  subject text NOT NULL,
  details_json text NOT NULL,
  previous_hash text NOT NULL,
  hash text NOT NULL
)

-- One row: the end of the chain. Writers lock it, so that entries are numbered one by one.
CREATE TABLE journal_head (
  one integer PRIMARY KEY CHECK (one = 1),
  seq bigint NOT NULL,
  hash text NOT NULL
)

INSERT INTO journal_head (one, seq, hash)
VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000')

-- sqlite
CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END

-- sqlite
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END

-- sqlite
CREATE TRIGGER journal_head_forward BEFORE UPDATE ON journal_head WHEN NEW.seq <> OLD.seq + 1
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END

-- sqlite
CREATE TRIGGER journal_head_no_delete BEFORE DELETE ON journal_head
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END

-- postgres
CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$

-- postgres
CREATE TRIGGER journal_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON journal
FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()

-- postgres
CREATE TRIGGER journal_head_no_delete BEFORE DELETE OR TRUNCATE ON journal_head
FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()

-- postgres
CREATE TRIGGER journal_head_forward BEFORE UPDATE ON journal_head
FOR EACH ROW WHEN (NEW.seq <> OLD.seq + 1) EXECUTE FUNCTION journal_refuse()
