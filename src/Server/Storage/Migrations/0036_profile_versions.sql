-- Every definition a profile ever had: what was decided is explained by the rules of that day. Rows are never changed or removed.
CREATE TABLE profile_versions (
  organisation_id TEXT NOT NULL,
  name TEXT NOT NULL,
  version BIGINT NOT NULL,
  definition TEXT NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (organisation_id, name, version)
);
INSERT INTO profile_versions (organisation_id, name, version, definition, changed_at) SELECT organisation_id, name, 1, definition, changed_at FROM profiles;
ALTER TABLE profiles ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE requests ADD COLUMN profile_version BIGINT;
