-- 0001 store: which migrations have run, and who gives which ids.
-- owner: store

-- The migrations that this database has seen, by the number of their file.
-- The tag is of the file's content: a file that has run is never edited.
CREATE TABLE schema_version (
    number       INTEGER NOT NULL,
    file         TEXT    NOT NULL,
    tag          TEXT    NOT NULL,     -- 16 digits of its SHA-256
    applied_at   BIGINT  NOT NULL,     -- microseconds since 1970-01-01 UTC
    PRIMARY KEY (number)
);

-- Leases of the ten bits of an id that tell processes apart. A process that
-- holds a node gives no id beyond until_ms; the next holder of the node only
-- gives ids beyond it, whatever its clock says. held is 0 after an orderly
-- end; a node whose holder was killed is taken again a day after until_ms.
CREATE TABLE store_node (
    node         INTEGER NOT NULL CHECK (node >= 0 AND node < 1024),
    held         INTEGER NOT NULL CHECK (held IN (0, 1)),
    until_ms     BIGINT  NOT NULL,     -- milliseconds since 2020-01-01 UTC
    lease        BIGINT  NOT NULL,     -- raised by one at each taking
    PRIMARY KEY (node)
);
