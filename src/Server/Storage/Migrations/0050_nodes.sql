-- Equipment: nodes, what holds them together, and the places where their certificates go.
CREATE TABLE zones (
  id TEXT_C NOT NULL PRIMARY KEY,
  organisation_id TEXT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT_C NOT NULL,              -- lower case
  backup_zone_id TEXT,
  UNIQUE (organisation_id, name_key)
);
CREATE TABLE clusters (
  id TEXT_C NOT NULL PRIMARY KEY,
  organisation_id TEXT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT_C NOT NULL,
  local_name TEXT NOT NULL,              -- of the virtual address on the local side
  remote_name TEXT,                      -- of the virtual address on the remote side
  created_at BIGINT NOT NULL,
  UNIQUE (organisation_id, name_key)
);
CREATE TABLE nodes (
  id TEXT_C NOT NULL PRIMARY KEY,
  organisation_id TEXT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT_C NOT NULL,
  role TEXT NOT NULL,
  fqdn TEXT NOT NULL,
  remote_name TEXT,                      -- the name it is reached by from outside, where that is another one
  other_names TEXT NOT NULL,             -- space separated "dns:…" and "ip:…"
  country TEXT,
  state TEXT,
  locality TEXT,
  organization TEXT,
  organizational_unit TEXT,
  production BIGINT NOT NULL,            -- 0 = lab
  cluster_id TEXT,
  is_primary BIGINT NOT NULL,            -- of its cluster
  zone_id TEXT,
  created_at BIGINT NOT NULL,
  UNIQUE (organisation_id, name_key)
);
CREATE INDEX nodes_cluster ON nodes (cluster_id) WHERE cluster_id IS NOT NULL;

-- A slot belongs to a node or to a cluster. The certificate in it is its active installation.
CREATE TABLE slots (
  id TEXT_C NOT NULL PRIMARY KEY,
  organisation_id TEXT NOT NULL,
  owner_id TEXT_C NOT NULL,              -- of a node or a cluster
  kind TEXT NOT NULL,
  names TEXT NOT NULL,                   -- JSON: what clients call it besides its owner's names, and for which service
  form TEXT,                             -- JSON: what was last filled in
  last_generated_at BIGINT,
  withdrawn_at BIGINT,                   -- its owner has another place now
  UNIQUE (owner_id, kind)
);

-- The one open request of a slot, with its key.
CREATE TABLE slot_requests (
  slot_id TEXT_C NOT NULL PRIMARY KEY,
  organisation_id TEXT NOT NULL,
  key_id TEXT,                           -- absent where the key is on the appliance
  csr BYTEA NOT NULL,
  request_id TEXT,                       -- in the queue, where our own authority was asked
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL
);
CREATE TABLE slot_keys (
  id TEXT_C NOT NULL PRIMARY KEY,
  organisation_id TEXT NOT NULL,
  slot_id TEXT_C NOT NULL,
  spki_sha256 BYTEA NOT NULL,
  sealed BYTEA,                          -- PKCS#8; gone once it is destroyed
  exportable BIGINT NOT NULL,            -- 1 = said so when it was made, never later
  created_at BIGINT NOT NULL,
  destroyed_at BIGINT
);
CREATE INDEX slot_keys_slot ON slot_keys (slot_id);

-- A private key on its way out: asked for by one, allowed by another, taken once.
CREATE TABLE key_exports (
  id TEXT_C NOT NULL PRIMARY KEY,
  organisation_id TEXT NOT NULL,
  slot_id TEXT_C NOT NULL,
  installation_id TEXT_C NOT NULL,
  asked_by_id TEXT NOT NULL,
  asked_by TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  approved_by TEXT,
  approved_at BIGINT,
  taken_at BIGINT
);
CREATE INDEX key_exports_slot ON key_exports (slot_id);

-- A certificate in a slot. State: Staged, Validated, PendingActivation, Active, Superseded, Failed.
CREATE TABLE installations (
  id TEXT_C NOT NULL PRIMARY KEY,
  organisation_id TEXT NOT NULL,
  slot_id TEXT_C NOT NULL,
  state TEXT NOT NULL,
  origin TEXT NOT NULL,                  -- Own, SelfSigned, Outside
  key_id TEXT,
  certificate_id TEXT,                   -- in the inventory, where our own authority signed it
  subject TEXT NOT NULL,
  sans TEXT NOT NULL,
  not_before BIGINT NOT NULL,
  not_after BIGINT NOT NULL,
  leaf BYTEA NOT NULL,
  chain TEXT NOT NULL,                   -- PEM, without the leaf and without a root
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  changed_at BIGINT NOT NULL,
  failure TEXT
);
CREATE INDEX installations_slot ON installations (slot_id, id);
CREATE UNIQUE INDEX installations_active ON installations (slot_id) WHERE state = 'Active';
CREATE INDEX installations_end ON installations (not_after) WHERE state = 'Active';
