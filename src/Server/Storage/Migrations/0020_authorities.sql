-- One row: what the key-encryption key must open, so that a server with another key notices before it seals anything.
CREATE TABLE key_encryption (
  organisation_id TEXT NOT NULL,         -- empty: it is the whole installation's
  id TEXT_C NOT NULL PRIMARY KEY,
  salt BYTEA NOT NULL,                   -- for a key made from a passphrase
  proof BYTEA NOT NULL                   -- a known text, sealed
);
-- Private keys, sealed under a key that is never in the database; or where to find them in a token.
CREATE TABLE signing_keys (
  id TEXT_C NOT NULL PRIMARY KEY,
  organisation_id TEXT NOT NULL,
  purpose TEXT NOT NULL,                 -- Root, Issuing, Ocsp
  custody TEXT NOT NULL,                 -- sealed-file, pkcs11
  spki BYTEA NOT NULL,
  sealed BYTEA NOT NULL,                 -- PKCS#8, or the PKCS#11 URI; a root's is sealed under its own passphrase first
  created_at BIGINT NOT NULL
);
CREATE TABLE authorities (
  id TEXT_C NOT NULL PRIMARY KEY,
  organisation_id TEXT NOT NULL,
  generation BIGINT NOT NULL,
  kind TEXT NOT NULL,                    -- Root, Issuing, External
  parent_id TEXT,                        -- its issuer; NULL: self-signed, or the issuer is not known here
  state TEXT NOT NULL,                   -- Draft, Active, Retiring, Retired, Compromised
  mode TEXT NOT NULL,                    -- First, Replace, Rollover: what becomes of the former generation when this one is activated
  subject TEXT NOT NULL,
  certificate BYTEA NOT NULL,
  sha256 TEXT NOT NULL,
  key_id TEXT,                           -- NULL: its key is elsewhere
  base_address TEXT NOT NULL,            -- what the certificates it issues say about CRL and OCSP; fixed, as they cannot be changed later
  not_after BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  activated_at BIGINT,
  retired_at BIGINT,
  imported BIGINT NOT NULL,              -- 1: it was made elsewhere, and may have issued and published there
  lost BIGINT NOT NULL                   -- 1: trust was removed before everybody had moved, so nothing it signed is good any more
);
CREATE UNIQUE INDEX authorities_signing ON authorities (organisation_id) WHERE state = 'Active' AND kind = 'Issuing';
CREATE UNIQUE INDEX authorities_generation ON authorities (organisation_id, generation) WHERE kind = 'Issuing';
CREATE INDEX authorities_of ON authorities (organisation_id, generation);

-- The list in force, shared by all servers.
CREATE TABLE crls (
  authority_id TEXT_C NOT NULL PRIMARY KEY,
  organisation_id TEXT NOT NULL,
  number BIGINT NOT NULL,
  this_update BIGINT NOT NULL,
  next_update BIGINT NOT NULL,
  changes BIGINT NOT NULL,               -- revocations counted when it was made
  der BYTEA NOT NULL
);
-- A root is unsealed only for an act, so its lists for the time to come are signed in that act and published when their time comes.
CREATE TABLE crls_ahead (
  authority_id TEXT_C NOT NULL,
  organisation_id TEXT NOT NULL,
  number BIGINT NOT NULL,
  this_update BIGINT NOT NULL,
  next_update BIGINT NOT NULL,
  der BYTEA NOT NULL,
  PRIMARY KEY (authority_id, number)
);
CREATE TABLE ocsp_signers (
  id TEXT_C NOT NULL PRIMARY KEY,
  organisation_id TEXT NOT NULL,
  authority_id TEXT NOT NULL,
  key_id TEXT NOT NULL,
  certificate BYTEA NOT NULL,
  serial TEXT NOT NULL,
  not_before BIGINT NOT NULL,
  not_after BIGINT NOT NULL
);
CREATE INDEX ocsp_signers_of ON ocsp_signers (authority_id, not_after);
