-- Keys behind the console's form tokens, one set for all servers that share the database.
CREATE TABLE protection_keys (
  id TEXT_C NOT NULL PRIMARY KEY,        -- 000001, 000002, …: two servers cannot both make the next one
  organisation_id TEXT NOT NULL,         -- empty: they are the whole installation's
  sealed BYTEA NOT NULL,                 -- XML of the platform's key
  created_at BIGINT NOT NULL
);
