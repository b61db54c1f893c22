-- The key that signs the checkpoints of the audit trail, one for all servers that share the database.
CREATE TABLE audit_keys (
  id TEXT_C NOT NULL PRIMARY KEY,
  organisation_id TEXT NOT NULL,         -- empty: it is the whole installation's
  public_key BYTEA NOT NULL,             -- SubjectPublicKeyInfo
  sealed BYTEA NOT NULL,                 -- PKCS#8
  created_at BIGINT NOT NULL
);
