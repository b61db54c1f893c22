-- Lists sorted by their end page by (not_after, id).
DROP INDEX certificates_expiry;
CREATE INDEX certificates_expiry ON certificates (not_after, id);
