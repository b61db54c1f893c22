-- The inventory. State: Active, Superseded, Revoked; Expired is not_after in the past.
CREATE TABLE certificates (
  id TEXT_C NOT NULL PRIMARY KEY,
  organisation_id TEXT NOT NULL,
  authority_id TEXT NOT NULL,
  request_id TEXT NOT NULL,
  serial TEXT_C NOT NULL,                -- lower-case hexadecimal of the serial octets
  subject TEXT NOT NULL,
  sans TEXT NOT NULL,
  profile TEXT NOT NULL,
  state TEXT NOT NULL,
  holder TEXT,                           -- set where one active certificate per holder is the rule
  requester TEXT_C NOT NULL,
  not_before BIGINT NOT NULL,
  not_after BIGINT NOT NULL,
  issued_at BIGINT NOT NULL,
  sha256_prefix BIGINT NOT NULL,         -- first 8 octets of the thumbprints, big-endian signed: small indexes, compared in full after
  sha1_prefix BIGINT NOT NULL,
  spki_sha256 BYTEA NOT NULL,
  replaces TEXT,
  replaced_by TEXT,
  revoked_at BIGINT,
  revocation_reason BIGINT,
  revoked_by TEXT,
  revocation_comment TEXT,
  der BYTEA NOT NULL
);
CREATE UNIQUE INDEX certificates_serial ON certificates (serial, authority_id);
CREATE INDEX certificates_sha256 ON certificates (sha256_prefix);
CREATE INDEX certificates_sha1 ON certificates (sha1_prefix);
CREATE INDEX certificates_expiry ON certificates (not_after);
CREATE INDEX certificates_requester ON certificates (requester, id);
CREATE INDEX certificates_not_active ON certificates (state, id) WHERE state <> 'Active';
CREATE UNIQUE INDEX certificates_holder ON certificates (organisation_id, holder) WHERE state = 'Active' AND holder IS NOT NULL;

-- Every name a certificate can be found by: common name, SANs, lower case.
CREATE TABLE certificate_names (
  name TEXT_C NOT NULL,
  certificate_id TEXT_C NOT NULL,
  organisation_id TEXT NOT NULL,
  reversed TEXT_C NOT NULL,              -- its labels from the last to the first, each with a dot behind
  PRIMARY KEY (name, certificate_id)
-- only sqlite
) WITHOUT ROWID;
-- only postgresql
);
-- both
CREATE INDEX certificate_names_reversed ON certificate_names (reversed, certificate_id);

-- What a CRL lists, compact; rows are never changed or removed.
CREATE TABLE revocations (
  organisation_id TEXT NOT NULL,
  authority_id TEXT NOT NULL,
  serial BYTEA NOT NULL,
  revoked_at BIGINT NOT NULL,
  reason BIGINT NOT NULL,
  certificate_id TEXT NOT NULL,
  PRIMARY KEY (authority_id, serial)
);

-- Raised with every revocation, so that other servers on this database notice.
CREATE TABLE revocation_changes (
  organisation_id TEXT NOT NULL,
  authority_id TEXT NOT NULL PRIMARY KEY,
  changes BIGINT NOT NULL
);
