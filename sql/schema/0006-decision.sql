-- 0006 decision: packs of law, decisions on households, runs over all.
-- owner: decision

-- Models, parameters, calendars and texts that decided something, by hash,
-- kept for ever. pack_id is the first 63 bits of the hash.
-- clustered
CREATE TABLE pack (
    pack_id      BIGINT  NOT NULL,
    hash         BYTEA   NOT NULL,
    bytes        BYTEA   NOT NULL,
    at           BIGINT  NOT NULL,
    PRIMARY KEY (pack_id)
);

-- The canonical facts that a decision saw, once by their hash.
-- clustered
CREATE TABLE input_record (
    household_id BIGINT  NOT NULL,
    input_hash   BYTEA   NOT NULL,
    bytes        BYTEA   NOT NULL,
    PRIMARY KEY (household_id, input_hash)
);

-- A decision opens an interval at its month; it holds for later determined
-- months until another row begins. Of several rows of one month the one with
-- the greatest id holds, the others are history.
-- clustered
CREATE TABLE decision (
    household_id BIGINT  NOT NULL,
    programme    TEXT    NOT NULL,
    month        INTEGER NOT NULL,     -- months since 1970-01
    id           BIGINT  NOT NULL,
    version      BIGINT  NOT NULL,     -- of the household that was read
    pack_id      BIGINT  NOT NULL,
    input_hash   BYTEA   NOT NULL,
    outcome      INTEGER NOT NULL CHECK (outcome IN (0, 1)),
    amount_minor BIGINT  NOT NULL CHECK (amount_minor >= 0),
    reasons      TEXT    NOT NULL,     -- codes, main one first
    run_id       BIGINT  NOT NULL,     -- 0: by an event, outside a run
    decided_at   BIGINT  NOT NULL,
    PRIMARY KEY (household_id, programme, month, id)
);

-- A determination of all households for a month. closed_at is 0 while it runs.
CREATE TABLE run (
    run_id       BIGINT  NOT NULL,
    programme    TEXT    NOT NULL,
    month        INTEGER NOT NULL,
    pack_id      BIGINT  NOT NULL,
    started_at   BIGINT  NOT NULL,
    closed_at    BIGINT  NOT NULL,
    households   BIGINT  NOT NULL,
    persons      BIGINT  NOT NULL,
    changed      BIGINT  NOT NULL,
    eligible     BIGINT  NOT NULL,
    refused      TEXT    NOT NULL,     -- JSON: main reason -> households
    amount_minor BIGINT  NOT NULL,
    root         BYTEA   NOT NULL,     -- over household, version, input, outcome
    PRIMARY KEY (run_id)
);

CREATE INDEX run_month ON run (programme, month);
