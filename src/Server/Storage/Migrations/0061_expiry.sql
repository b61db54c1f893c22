-- Up to when it has been looked which ends draw near: what was passed since then is told, by whichever server looks first.
CREATE TABLE expiry_marks (
  organisation_id TEXT NOT NULL,         -- empty: it is the whole installation's
  id TEXT_C NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL
);
