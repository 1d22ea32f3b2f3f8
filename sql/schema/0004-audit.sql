-- 0004 audit: leaves that wait to be sequenced into the log.
-- owner: audit

-- One leaf a change of state, written in its transaction: the salted hash of
-- the record. The order in the log is given later, by the sequencer; ids only
-- tell leaves apart. household_id is -1 for what concerns no household.
-- clustered
CREATE TABLE audit_pending (
    household_id BIGINT  NOT NULL,
    id           BIGINT  NOT NULL,
    type         TEXT    NOT NULL,
    leaf         BYTEA   NOT NULL,     -- SHA-256 of 0, salt and record
    salt         BYTEA   NOT NULL,     -- 16 bytes; destroyed by erasure
    record       BYTEA   NOT NULL,
    PRIMARY KEY (household_id, id)
);
