-- The RSA keys of all requests that were taken: no two may have a prime in common. See docs/lints.md.
CREATE TABLE rsa_keys (
  organisation_id TEXT NOT NULL,
  spki_sha256 BYTEA NOT NULL,
  modulus BYTEA NOT NULL,
  shares_with BYTEA,                     -- spki_sha256 of a key that has a prime of this one: both are broken
  PRIMARY KEY (organisation_id, spki_sha256)
);
