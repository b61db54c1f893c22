-- Issuing profiles: what may be issued to whom. The definition is the JSON of Pki.Signing.IssuingProfile.
CREATE TABLE profiles (
  id TEXT NOT NULL PRIMARY KEY,
  organisation_id TEXT NOT NULL,
  name TEXT NOT NULL,
  title TEXT NOT NULL,
  definition TEXT NOT NULL,
  approvals_needed BIGINT NOT NULL,      -- officers who must approve; with 2 or more the requester never counts
  automatic BIGINT NOT NULL,             -- 1 = issued without an officer when every name is inside the requester's allowance
  one_active_per_holder BIGINT NOT NULL, -- 1 = a second certificate needs revocation or renewal (X-20)
  enabled BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  UNIQUE (organisation_id, name)
);
