-- Of a pending replacement: the working certificates that were said to stop when it was made. If more stop when it is activated, it is asked again.
ALTER TABLE authorities ADD COLUMN confirmed BIGINT NOT NULL DEFAULT 0;
