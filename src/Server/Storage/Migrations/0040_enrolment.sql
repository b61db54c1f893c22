-- What lets devices enrol by themselves: one-time codes and accounts.
CREATE TABLE enrolment_codes (
  id TEXT_C NOT NULL PRIMARY KEY,
  organisation_id TEXT NOT NULL,
  secret_sha256 TEXT NOT NULL UNIQUE,    -- of the code without dashes, lower case
  profile TEXT NOT NULL,
  allowed_names TEXT NOT NULL,           -- space separated patterns (NameAllowance)
  requester TEXT,
  automatic BIGINT NOT NULL,             -- 1 = approved by rule while its names are inside allowed_names
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,                        -- claimed for csr_sha256; the same request may be posted again to poll
  csr_sha256 BYTEA,
  request_id TEXT,
  revoked_at BIGINT
);
CREATE TABLE enrolment_accounts (
  id TEXT_C NOT NULL PRIMARY KEY,
  organisation_id TEXT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,         -- lower case: what HTTP Basic carries
  password_hash TEXT NOT NULL,
  profiles TEXT NOT NULL,                -- space separated
  allowed_names TEXT NOT NULL,           -- space separated patterns (NameAllowance)
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  disabled_at BIGINT,
  last_used_at BIGINT
);
