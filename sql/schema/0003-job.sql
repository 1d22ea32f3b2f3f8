-- 0003 job: commands with an id, settings of the installation.
-- owner: job

-- Every change is a command with an id. Repeating it gives the first answer;
-- the same id with other content is an error. Keyed by the source's own key.
-- clustered
CREATE TABLE command (
    source       TEXT    NOT NULL,     -- agency, "portal", "cli"
    command_id   TEXT    NOT NULL,
    content_hash BYTEA   NOT NULL,     -- SHA-256 of what was asked
    answer       TEXT    NOT NULL,     -- what was answered, JSON
    at           BIGINT  NOT NULL,
    PRIMARY KEY (source, command_id)
);

-- Settings that belong to the installation, not to a process: the pack in
-- force, keys' ids, dates of backups.
CREATE TABLE setting (
    name         TEXT    NOT NULL,
    value        TEXT    NOT NULL,
    PRIMARY KEY (name)
);

-- What happened here and must be told to modules above or to the world, in
-- the transaction in which it happened; taken by a consumer later.
-- clustered
CREATE TABLE outbox (
    household_id BIGINT  NOT NULL,
    id           BIGINT  NOT NULL,
    topic        TEXT    NOT NULL,
    body         TEXT    NOT NULL,     -- JSON
    at           BIGINT  NOT NULL,
    PRIMARY KEY (household_id, id)
);
