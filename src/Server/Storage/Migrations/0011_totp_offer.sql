-- A TOTP secret that waits for its first code, sealed. Beside the challenge of a passkey: one page offers both.
ALTER TABLE sessions ADD COLUMN totp_offer BYTEA;
