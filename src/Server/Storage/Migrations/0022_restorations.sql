-- When this database was brought back from a backup. Lists and decisions after the backup are not known here, though others may have seen them.
CREATE TABLE restorations (
  id TEXT_C NOT NULL PRIMARY KEY,
  organisation_id TEXT NOT NULL,         -- empty: a backup is of the whole installation
  backup_at BIGINT NOT NULL,
  restored_at BIGINT NOT NULL,
  told BIGINT NOT NULL                   -- 1: a server that started said so in its log
);
