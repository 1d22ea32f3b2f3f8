-- 0013 enrol: who has power over others takes his account over himself.
-- owner: access

-- Accounts whose holder has not enrolled himself yet: hashes of the two
-- halves of his code.
-- clustered
CREATE TABLE actor_enrol (
    actor_id       BIGINT  NOT NULL,
    asked_hash     BYTEA   NOT NULL,   -- the half of who asked
    confirmed_hash BYTEA,              -- of who confirmed; NULL: not yet
    expires_at     BIGINT  NOT NULL,   -- microseconds UTC
    tries          INTEGER NOT NULL,
    PRIMARY KEY (actor_id)
);

-- Who waited had a password that somebody else had typed, and was never in
-- force: he is asked for anew. The audit log keeps that he was.
DELETE FROM actor_kin
WHERE actor_id IN (SELECT actor_id FROM actor WHERE waiting = 1);
DELETE FROM actor WHERE waiting = 1;
