-- What every feature stands on: organisations, their settings, the servers that share this database, the audit trail.
CREATE TABLE organisations (
  id TEXT_C NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  country TEXT,                          -- default subject of certificates
  state TEXT,
  locality TEXT,
  organization TEXT,
  organizational_unit TEXT,
  email TEXT,
  settings TEXT NOT NULL,                -- JSON object
  created_at BIGINT NOT NULL
);
CREATE TABLE settings (
  organisation_id TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (organisation_id, name)
);
CREATE TABLE instances (
  id TEXT_C NOT NULL PRIMARY KEY,        -- one per data folder; names the server's audit chain
  host TEXT NOT NULL,
  version TEXT NOT NULL,
  started_at BIGINT NOT NULL
);
CREATE TABLE audit (
  organisation_id TEXT NOT NULL,
  chain TEXT_C NOT NULL,                 -- the instance that wrote it
  seq BIGINT NOT NULL,                   -- 1, 2, 3, … without a gap inside a chain
  at BIGINT NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  source TEXT,
  action TEXT NOT NULL,
  object_kind TEXT NOT NULL,
  object_id TEXT_C NOT NULL,
  detail TEXT NOT NULL,                  -- JSON, never a secret
  hash BYTEA NOT NULL,                   -- SHA-256 of the hash before and this record
  PRIMARY KEY (chain, seq)
);
CREATE INDEX audit_by_time ON audit (organisation_id, at, chain, seq);
CREATE INDEX audit_by_object ON audit (object_id, at);
CREATE TABLE audit_checkpoints (
  chain TEXT_C NOT NULL,
  seq BIGINT NOT NULL,
  hash BYTEA NOT NULL,
  at BIGINT NOT NULL,
  signature BYTEA NOT NULL,              -- ECDSA P-256 with SHA-256, DER
  public_key BYTEA NOT NULL,             -- SubjectPublicKeyInfo
  PRIMARY KEY (chain, seq)
);
-- only sqlite
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_checkpoints_no_update BEFORE UPDATE ON audit_checkpoints BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_checkpoints_no_delete BEFORE DELETE ON audit_checkpoints BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
-- only postgresql
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_checkpoints_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_checkpoints FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
-- both
