-- Which events are sent where.
CREATE TABLE alert_rules (
  id TEXT_C NOT NULL PRIMARY KEY,
  organisation_id TEXT NOT NULL,
  name TEXT NOT NULL,
  enabled BIGINT NOT NULL,
  least TEXT NOT NULL,                   -- least severity: Warning, Minor, Major
  kinds TEXT NOT NULL,                   -- space separated; empty means all
  target TEXT NOT NULL,                  -- Email, Webhook, Syslog
  address TEXT NOT NULL,                 -- as lists show it; of a webhook only scheme and host
  sealed BYTEA,                          -- of a webhook: the secret and the whole URL
  rhythm TEXT NOT NULL,                  -- Immediate, Hourly, Daily
  muted_until BIGINT,
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  failing_since BIGINT,                  -- of the first attempt that failed since the last that did not
  last_error TEXT
);
CREATE INDEX alert_rules_of ON alert_rules (organisation_id, id);

-- The outbox: a row per event and rule, written with the event, gone when it was delivered.
CREATE TABLE deliveries (
  organisation_id TEXT NOT NULL,
  rule_id TEXT_C NOT NULL,
  event_id TEXT_C NOT NULL,
  due_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  lease TEXT_C,                          -- who is at it
  leased_until BIGINT,
  PRIMARY KEY (rule_id, event_id)
);
CREATE INDEX deliveries_due ON deliveries (due_at);

-- The mail server of an organisation.
CREATE TABLE mail_servers (
  organisation_id TEXT NOT NULL PRIMARY KEY,
  host TEXT NOT NULL,
  port BIGINT NOT NULL,
  security TEXT NOT NULL,                -- None, StartTls
  user_name TEXT,
  password_sealed BYTEA,
  sender TEXT NOT NULL,
  changed_at BIGINT NOT NULL
);
