-- 0014 law: versions of the law with the month from which each holds, and the
-- drafts that become one.
-- owner: programme

-- Of the versions whose month has come, the newest holds. Rows are added and
-- never changed; where there is none the pack that the program carries holds.
CREATE TABLE law (
    version      BIGINT  NOT NULL,     -- from 1
    from_month   INTEGER NOT NULL,     -- months since 1970-01
    pack_id      BIGINT  NOT NULL,
    base_pack    BIGINT  NOT NULL,     -- that it was made of
    draft_id     BIGINT  NOT NULL,
    published_at BIGINT  NOT NULL,     -- microseconds UTC
    PRIMARY KEY (version)
);

-- A new text of a model on its way into force.
CREATE TABLE draft (
    draft_id     BIGINT  NOT NULL,
    path         TEXT    NOT NULL,     -- of the model in its pack
    title        TEXT    NOT NULL,
    base_pack    BIGINT  NOT NULL,
    state        TEXT    NOT NULL CHECK (state IN
        ('draft', 'review', 'approved', 'published', 'withdrawn')),
    save         INTEGER NOT NULL,     -- the newest
    step         INTEGER NOT NULL,     -- the newest
    from_month   INTEGER,              -- asked for; NULL: not yet
    reason       TEXT    NOT NULL,     -- why months that are decided change
    PRIMARY KEY (draft_id)
);

-- Every text that it ever had.
CREATE TABLE draft_save (
    draft_id     BIGINT  NOT NULL,
    save         INTEGER NOT NULL,     -- from 1: the text it was made of
    hash         BYTEA   NOT NULL,
    bytes        BYTEA   NOT NULL,
    PRIMARY KEY (draft_id, save)
);

-- Everything that was done to it; evidence.
CREATE TABLE draft_step (
    draft_id     BIGINT  NOT NULL,
    step         INTEGER NOT NULL,     -- from 1
    what         TEXT    NOT NULL,     -- created, saved, submitted, commented,
                                       -- returned, approved, published,
                                       -- withdrawn
    save         INTEGER NOT NULL,     -- the newest then
    actor_id     BIGINT  NOT NULL,
    actor_name   TEXT    NOT NULL,
    at           BIGINT  NOT NULL,     -- microseconds UTC
    text         TEXT    NOT NULL,     -- what he said
    from_month   INTEGER,              -- submitted, approved, published
    PRIMARY KEY (draft_id, step)
);
