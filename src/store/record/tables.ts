/** Columns of the record store, for Kysely's types. What a row really holds is checked on the way out (`rows.ts`). */

interface Stamped {
  updated_at: number;
}

export interface Tables {
  schema_migrations: { number: number; name: string; sha256: string; applied_at: number };
  settings: Stamped & { name: string; value_json: string };
  source_settings: Stamped & {
    source: string;
    retention_days: number | null;
    rhythm_seconds: number | null;
  };
  sender_names: Stamped & { receiver: string; peer: string; identity: string; name: string };
  api_tokens: {
    id: string;
    name: string;
    secret_sha256: string;
    scopes_json: string;
    identity: string | null;
    created_at: number;
    created_by: string;
    expires_at: number | null;
    last_used_at: number | null;
    revoked_at: number | null;
  };
  saved_searches: Stamped & {
    id: string;
    name: string;
    query: string;
    options_json: string;
    created_at: number;
    updated_by: string;
  };
  retention_holds: {
    id: string;
    reason: string;
    source: string | null;
    from_at: number;
    to_at: number;
    created_at: number;
    created_by: string;
    released_at: number | null;
  };
  leases: { name: string; owner: string; fencing: number; expires_at: number };
  nodes: { number: number; node_key: string; label: string; first_seen_at: number; last_seen_at: number };
  cursors: Stamped & { name: string; value_json: string };
  journal: {
    seq: number;
    at: number;
    actor_kind: string;
    actor_name: string;
    action: string;
    subject: string;
    details_json: string;
    previous_hash: string;
    hash: string;
  };
  inventory_items: Stamped & {
    id: string;
    type: string;
    name: string;
    kind: string | null;
    criticality: string | null;
    ward: string | null;
    owner: string | null;
    is_privileged: number | null;
    is_enabled: number | null;
    details_json: string;
  };
  inventory_keys: { kind: string; value: string; item_id: string };
  inventory_imports: {
    id: string;
    at: number;
    actor: string;
    file: string;
    created: number;
    updated: number;
    unchanged: number;
    refused: number;
    undone_at: number | null;
  };
  inventory_import_items: {
    import_id: string;
    item_id: string;
    before_json: string | null;
    after_json: string;
  };
  inventory_sightings: {
    kind: string;
    value: string;
    first_seen_at: number;
    last_seen_at: number;
    events: number;
  };
  closed_dead_letters: {
    id: string;
    outcome: string;
    is_mended: number;
    closed_at: number;
    closed_by: string;
  };
  looks: {
    id: string;
    actor_kind: string;
    actor_name: string;
    kind: string;
    query: string;
    salt: string;
    first_at: number;
    last_at: number;
    times: number;
  };
  journal_head: { one: number; seq: number; hash: string };
}
