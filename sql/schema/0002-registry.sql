-- 0002 registry: households, their facts and their books.
-- owner: registry

-- Evidence: what one message said of one subject for a true interval. Rows
-- are never changed; what is believed follows from their order (version,
-- ordinal), later over earlier. subject is a person id, or -1 for the
-- household itself; true_to is NULL while nothing newer is known.
-- clustered
CREATE TABLE fact (
    household_id BIGINT  NOT NULL,
    version      BIGINT  NOT NULL,     -- of the household that knew it first
    ordinal      INTEGER NOT NULL,     -- within that version
    subject      BIGINT  NOT NULL,
    true_from    INTEGER NOT NULL,     -- days since 1970-01-01
    true_to      INTEGER,
    source       TEXT    NOT NULL,     -- agency or file, "gosi"
    message_id   TEXT    NOT NULL,     -- of the message, unique in the source
    received_at  BIGINT  NOT NULL,     -- microseconds since 1970-01-01 UTC
    attributes   BYTEA   NOT NULL,     -- kinds and values, src/registry/book.h
    PRIMARY KEY (household_id, version, ordinal)
);

-- The household: the one row that a change locks and raises by one version,
-- and all that is believed about it now, derived from its facts.
-- clustered
CREATE TABLE household_book (
    household_id BIGINT  NOT NULL,
    version      BIGINT  NOT NULL,
    format       INTEGER NOT NULL,
    book         BYTEA   NOT NULL,
    PRIMARY KEY (household_id)
);

-- Where a person lives now: keyed by the person, because it is what finds the
-- household. One of the two exceptions to household_id first.
-- clustered
CREATE TABLE person_key (
    person_id    BIGINT  NOT NULL,
    household_id BIGINT  NOT NULL,
    national_id  TEXT,
    PRIMARY KEY (person_id)
);

CREATE UNIQUE INDEX person_national ON person_key (national_id)
    WHERE national_id IS NOT NULL;

CREATE INDEX person_household ON person_key (household_id);

-- Households in which a person lived before, so that a late fact reaches every
-- one that it concerns. A row is written when the person moves on.
-- clustered
CREATE TABLE person_stay (
    person_id    BIGINT  NOT NULL,
    stay_to      INTEGER NOT NULL,     -- first day in the next household
    household_id BIGINT  NOT NULL,
    PRIMARY KEY (person_id, stay_to)
);

CREATE INDEX stay_household ON person_stay (household_id);

-- Search by name: folded parts of names. Derived.
-- clustered
CREATE TABLE person_name (
    part         TEXT    NOT NULL,
    person_id    BIGINT  NOT NULL,
    household_id BIGINT  NOT NULL,
    PRIMARY KEY (part, person_id)
);

CREATE INDEX name_person ON person_name (person_id);
