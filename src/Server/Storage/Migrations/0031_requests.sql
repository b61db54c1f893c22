-- Certificate requests. State: Queued, Issuing (claimed; the row is the recorded intent), Issued, Rejected, Expired.
CREATE TABLE requests (
  id TEXT_C NOT NULL PRIMARY KEY,
  organisation_id TEXT NOT NULL,
  state TEXT NOT NULL,
  profile TEXT NOT NULL,
  door TEXT NOT NULL,
  csr BYTEA NOT NULL,
  spki_sha256 BYTEA NOT NULL,
  subject TEXT NOT NULL,
  sans TEXT NOT NULL,                    -- JSON array of "dns:…", "ip:…", "email:…", "uri:…"
  requester_kind TEXT NOT NULL,
  requester_id TEXT NOT NULL,
  requester_name TEXT NOT NULL,
  submitter_id TEXT,                     -- the administrator behind a console session or an API token
  claimed_requester TEXT,                -- what the submission says of itself, not checked
  contact TEXT,
  comment TEXT,
  source_address TEXT,
  received_at BIGINT NOT NULL,
  findings TEXT,                         -- JSON of lint findings on the request
  outside TEXT,                          -- JSON array of names outside the requester's allowance
  renews TEXT,                           -- certificate this one replaces with overlap
  idempotency_key TEXT,
  csr_sha256 BYTEA,                      -- only for doors that poll by posting again (EST)
  granted_subject TEXT,
  granted_sans TEXT,
  identity_check TEXT,
  decided_by TEXT,
  decided_by_name TEXT,
  decided_at BIGINT,
  reason TEXT,
  authority_id TEXT,
  serial TEXT,
  tbs_sha256 BYTEA,
  claimed_at BIGINT,
  claimed_by TEXT,
  certificate_id TEXT
);
CREATE INDEX requests_open ON requests (organisation_id, id) WHERE state = 'Queued';
CREATE INDEX requests_intents ON requests (claimed_by) WHERE state = 'Issuing';
CREATE INDEX requests_rejected ON requests (organisation_id, id) WHERE state = 'Rejected';
CREATE UNIQUE INDEX requests_queued_key ON requests (organisation_id, spki_sha256) WHERE state = 'Queued';
CREATE UNIQUE INDEX requests_idempotency ON requests (organisation_id, requester_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX requests_posted ON requests (organisation_id, csr_sha256) WHERE csr_sha256 IS NOT NULL;

CREATE TABLE approvals (
  organisation_id TEXT NOT NULL,
  request_id TEXT NOT NULL,
  approver_id TEXT NOT NULL,
  approver_name TEXT NOT NULL,
  names_sha256 BYTEA NOT NULL,           -- approvals count together only for the same names
  identity_check TEXT NOT NULL,
  approved_at BIGINT NOT NULL,
  PRIMARY KEY (request_id, approver_id)
);

-- A key whose request was rejected stays rejected.
CREATE TABLE rejected_keys (
  organisation_id TEXT NOT NULL,
  spki_sha256 BYTEA NOT NULL,
  request_id TEXT NOT NULL,
  PRIMARY KEY (organisation_id, spki_sha256)
);

-- One row per source class; the conditional UPDATE on it is what keeps the limit exact under parallel posts, on every server.
CREATE TABLE queue_counters (
  organisation_id TEXT NOT NULL,
  source_class TEXT NOT NULL,
  queued BIGINT NOT NULL,
  PRIMARY KEY (organisation_id, source_class)
);
