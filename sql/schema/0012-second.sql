-- 0012 second: accounts with power wait until a second person confirms them.
-- owner: access
ALTER TABLE actor ADD COLUMN waiting INTEGER NOT NULL DEFAULT 0;
ALTER TABLE actor ADD COLUMN asked_by BIGINT NOT NULL DEFAULT 0; -- actor_id;
                                              -- 0: the operator
ALTER TABLE actor ADD COLUMN approved_by BIGINT; -- NULL: nobody had to, or
                                              -- nobody has yet
CREATE INDEX actor_national ON actor (national_id);
CREATE INDEX actor_person ON actor (person_id);
