-- Who made a code or an account, by id: where four eyes are asked for, nobody counts for what comes with their own.
ALTER TABLE enrolment_codes ADD COLUMN created_by_id TEXT;
ALTER TABLE enrolment_accounts ADD COLUMN created_by_id TEXT;
