-- Who may do what: administrators, their second factors, sessions and API tokens.
CREATE TABLE administrators (
  id TEXT NOT NULL PRIMARY KEY,
  organisation_id TEXT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,         -- lower case: what is typed at sign-in
  email TEXT,
  role TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  must_change_password BIGINT NOT NULL,
  enabled BIGINT NOT NULL,
  failures BIGINT NOT NULL,              -- wrong attempts since the last whole sign-in
  locked_until BIGINT,
  totp_secret BYTEA,                     -- sealed
  totp_step BIGINT NOT NULL,             -- last time step a code was taken for: a code counts once
  created_at BIGINT NOT NULL,
  last_sign_in_at BIGINT
);

-- One row once the first administrator exists. Its key makes first-run happen once, however many ask at the same time.
CREATE TABLE first_run (
  id TEXT NOT NULL PRIMARY KEY,
  organisation_id TEXT NOT NULL,
  completed_at BIGINT NOT NULL
);

CREATE TABLE passkeys (
  credential_id TEXT NOT NULL PRIMARY KEY,
  organisation_id TEXT NOT NULL,
  administrator_id TEXT NOT NULL,
  name TEXT NOT NULL,
  data TEXT NOT NULL,                    -- JSON: public key, sign count, flags
  created_at BIGINT NOT NULL
);
CREATE INDEX passkeys_administrator ON passkeys (administrator_id);

CREATE TABLE recovery_codes (
  organisation_id TEXT NOT NULL,
  administrator_id TEXT NOT NULL,
  code_sha256 TEXT NOT NULL,
  PRIMARY KEY (administrator_id, code_sha256)
);

-- Certificates of our own CA an administrator may sign in with.
CREATE TABLE administrator_certificates (
  sha256 TEXT NOT NULL PRIMARY KEY,      -- thumbprint, lower-case hexadecimal
  organisation_id TEXT NOT NULL,
  administrator_id TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX administrator_certificates_administrator ON administrator_certificates (administrator_id);

-- Stage: SecondFactor (the password was right), Enrol (has to set up a second factor or change the password), Full.
CREATE TABLE sessions (
  id TEXT NOT NULL PRIMARY KEY,
  organisation_id TEXT NOT NULL,
  administrator_id TEXT NOT NULL,
  secret_sha256 TEXT NOT NULL UNIQUE,
  stage TEXT NOT NULL,
  challenge TEXT,                        -- state of a passkey ceremony or a TOTP secret not yet confirmed, sealed
  started_at BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  source_address TEXT,
  user_agent TEXT
);
CREATE INDEX sessions_administrator ON sessions (administrator_id);

CREATE TABLE tokens (
  id TEXT NOT NULL PRIMARY KEY,
  organisation_id TEXT NOT NULL,
  administrator_id TEXT NOT NULL,        -- who made it; it can never do more than they can
  name TEXT NOT NULL,
  secret_sha256 TEXT NOT NULL,
  role TEXT NOT NULL,
  scopes TEXT NOT NULL,                  -- space separated; empty means whatever the role may do
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  last_used_at BIGINT,
  revoked_at BIGINT,
  allowed_names TEXT NOT NULL            -- space separated patterns (NameAllowance); empty means not narrowed
);
CREATE INDEX tokens_administrator ON tokens (administrator_id);
