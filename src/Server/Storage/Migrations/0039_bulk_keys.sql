-- The requests a decision on many is about, as chosen when its idempotency key came first: the same call again decides no others.
ALTER TABLE decision_keys ADD COLUMN targets TEXT;
