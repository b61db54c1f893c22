-- The labels of a name from behind ("test.example.sip."), so that "example.test" is found by an index too; empty: not filled in yet.
ALTER TABLE certificate_names ADD COLUMN reversed TEXT_C NOT NULL DEFAULT '';
CREATE INDEX certificate_names_reversed ON certificate_names (reversed, certificate_id);
