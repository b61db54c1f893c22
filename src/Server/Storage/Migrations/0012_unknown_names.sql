-- Wrong attempts with sign-in names nobody has: they are counted and locked like those of an account, so that nobody learns which names exist.
CREATE TABLE unknown_names (
  name_tag TEXT_C NOT NULL PRIMARY KEY,  -- keyed hash: what is typed as a name may be a password
  failures BIGINT NOT NULL,
  locked_until BIGINT,
  counted_at BIGINT NOT NULL
);
CREATE INDEX unknown_names_counted ON unknown_names (counted_at);
