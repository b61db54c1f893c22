-- What a request that is being signed keeps others from taking meanwhile: the place of its holder, or the certificate it renews.
ALTER TABLE requests ADD COLUMN reserves TEXT;
CREATE UNIQUE INDEX requests_reserves ON requests (organisation_id, reserves) WHERE state = 'Issuing' AND reserves IS NOT NULL;

-- The key of a certificate revoked as compromised stays out like a rejected one; then this says which certificate it was.
ALTER TABLE rejected_keys ADD COLUMN certificate_id TEXT;
