-- The inventory: things and people, the keys that name them, imports that can be undone, and what was seen in events.

CREATE TABLE inventory_items (
  id text PRIMARY KEY,
  type text NOT NULL,
  name text NOT NULL,
  kind text,
  criticality text,
  ward text,
  owner text,
  is_privileged integer,
  is_enabled integer,
  details_json text NOT NULL,
  updated_at bigint NOT NULL
)

CREATE INDEX inventory_items_by_name ON inventory_items (type, name)

CREATE TABLE inventory_keys (
  kind text NOT NULL,
  value text NOT NULL,
  item_id text NOT NULL REFERENCES inventory_items (id) ON DELETE CASCADE,
  PRIMARY KEY (kind, value)
)

CREATE INDEX inventory_keys_by_item ON inventory_keys (item_id)

CREATE TABLE inventory_imports (
  id text PRIMARY KEY,
  at bigint NOT NULL,
  actor text NOT NULL,
  file text NOT NULL,
  created integer NOT NULL,
  updated integer NOT NULL,
  unchanged integer NOT NULL,
  refused integer NOT NULL,
  undone_at bigint
)

-- The item before and after the import, as JSON: what undoing puts back, and how it knows that nothing changed since.
CREATE TABLE inventory_import_items (
  import_id text NOT NULL REFERENCES inventory_imports (id) ON DELETE CASCADE,
  item_id text NOT NULL,
  before_json text,
  after_json text NOT NULL,
  PRIMARY KEY (import_id, item_id)
)

CREATE TABLE inventory_sightings (
  kind text NOT NULL,
  value text NOT NULL,
  first_seen_at bigint NOT NULL,
  last_seen_at bigint NOT NULL,
  events bigint NOT NULL,
  PRIMARY KEY (kind, value)
)
