-- What happened or is about to happen that a person should know of.
CREATE TABLE events (
  id TEXT_C NOT NULL PRIMARY KEY,
  organisation_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  severity TEXT NOT NULL,                -- Warning, Minor, Major
  kind TEXT_C NOT NULL,                  -- certificate_expiry, alert_undelivered, …
  object_kind TEXT NOT NULL,
  object_id TEXT_C NOT NULL,
  object_name TEXT NOT NULL,             -- as it was called then: the object may be gone
  parameters TEXT NOT NULL,              -- JSON object of texts, never a secret
  dedupe TEXT_C NOT NULL,                -- the same thing is told once, whichever server sees it and however often
  acknowledged_at BIGINT,
  acknowledged_by TEXT
);
CREATE UNIQUE INDEX events_once ON events (organisation_id, dedupe);
CREATE INDEX events_of ON events (organisation_id, id);
CREATE INDEX events_by_severity ON events (organisation_id, severity, id);
CREATE INDEX events_by_kind ON events (organisation_id, kind, id);
CREATE INDEX events_by_object ON events (object_id, id);
CREATE INDEX events_open ON events (organisation_id, id) WHERE acknowledged_at IS NULL;
