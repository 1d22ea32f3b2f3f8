-- 0007-signin.sql - who staff are as persons, also before the registry knows
-- them, and how often a citizen has been sent a code.
ALTER TABLE actor ADD COLUMN national_id TEXT;
ALTER TABLE login_code ADD COLUMN sent INTEGER NOT NULL DEFAULT 0;
ALTER TABLE login_code ADD COLUMN sent_since BIGINT NOT NULL DEFAULT 0;
