-- 0009 relation: who is married to whom and whose child, as agencies said.
-- owner: registry

-- Evidence: never changed. Keyed by the person, like person_key, because it
-- is what leads from one household to another: the third exception to
-- household_id first. Each message gives two rows, one from either side; the
-- one of the child, or of the spouse with the smaller id, is in its leaf.
-- Roles within one household are read from its book and have no row here.
-- clustered
CREATE TABLE person_relation (
    person_id    BIGINT  NOT NULL,
    other_id     BIGINT  NOT NULL,
    kind         INTEGER NOT NULL CHECK (kind IN (0, 1, 2)), -- the other is
                                       -- 0 spouse, 1 parent, 2 child
    true_from    INTEGER NOT NULL,     -- days since 1970-01-01
    source       TEXT    NOT NULL,     -- of the first message that said so
    message_id   TEXT    NOT NULL,
    received_at  BIGINT  NOT NULL,     -- microseconds since 1970-01-01 UTC
    PRIMARY KEY (person_id, other_id, kind)
);

-- Kin that staff declare themselves, by national id.
-- clustered
CREATE TABLE actor_kin (
    actor_id     BIGINT  NOT NULL,
    national_id  TEXT    NOT NULL,
    PRIMARY KEY (actor_id, national_id)
);
