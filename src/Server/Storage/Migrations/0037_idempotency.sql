-- What an idempotency key stands for, so that the same key with other contents is refused.
ALTER TABLE requests ADD COLUMN idempotency_sha256 BYTEA;

-- Decisions that came with an idempotency key.
CREATE TABLE decision_keys (
  organisation_id TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  act TEXT NOT NULL,                     -- approve, reject, revoke
  target_id TEXT NOT NULL,
  body_sha256 BYTEA NOT NULL,
  decided_at BIGINT NOT NULL,
  PRIMARY KEY (organisation_id, actor_id, idempotency_key)
);

-- 1 = whoever decided had also asked. Before this was kept it was guessed from the ids.
ALTER TABLE requests ADD COLUMN own_request BIGINT;
