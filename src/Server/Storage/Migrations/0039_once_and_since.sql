-- The requests a decision on many is about, as chosen when its idempotency key came first: the same call again decides no others.
ALTER TABLE decision_keys ADD COLUMN targets TEXT;

-- When a key was taken, by the clock of the server that took it: the others read what is new.
ALTER TABLE rsa_keys ADD COLUMN taken_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX rsa_keys_by_time ON rsa_keys (taken_at);
