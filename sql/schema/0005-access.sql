-- 0005 access: who acts, in which session, and who has read what.
-- owner: access

-- People and services that sign in. A citizen's row names his person.
CREATE TABLE actor (
    actor_id     BIGINT  NOT NULL,
    name         TEXT    NOT NULL UNIQUE, -- sign-in name; national id of a citizen
    label        TEXT    NOT NULL,        -- as shown to people
    person_id    BIGINT,                  -- the actor as a person, if known
    roles        TEXT    NOT NULL,        -- role names, space between
    password     TEXT,                    -- Argon2id, encoded; NULL: none
    code_key     BYTEA,                   -- of the one-time code
    code_step    BIGINT  NOT NULL,        -- last step used, never twice
    failures     INTEGER NOT NULL,        -- wrong tries since the last success
    locked_until BIGINT  NOT NULL,        -- microseconds UTC; 0: not locked
    disabled     INTEGER NOT NULL CHECK (disabled IN (0, 1)),
    PRIMARY KEY (actor_id)
);

-- Sessions by the hash of their token: a stolen table opens no door.
-- clustered
CREATE TABLE session (
    token_hash   BYTEA   NOT NULL,
    actor_id     BIGINT  NOT NULL,
    lang         TEXT    NOT NULL,
    created_at   BIGINT  NOT NULL,
    seen_at      BIGINT  NOT NULL,
    expires_at   BIGINT  NOT NULL,
    PRIMARY KEY (token_hash)
);

-- Codes sent to a citizen who signs in: one use, few tries, short life.
-- clustered
CREATE TABLE login_code (
    actor_id     BIGINT  NOT NULL,
    code_hash    BYTEA   NOT NULL,
    expires_at   BIGINT  NOT NULL,
    tries        INTEGER NOT NULL,
    PRIMARY KEY (actor_id)
);

-- Every read of personal data: who, for which purpose, what, when.
-- clustered
CREATE TABLE access_read (
    household_id BIGINT  NOT NULL,
    id           BIGINT  NOT NULL,
    actor_id     BIGINT  NOT NULL,
    actor_name   TEXT    NOT NULL,
    role         TEXT    NOT NULL,
    purpose      TEXT    NOT NULL,
    what         TEXT    NOT NULL,
    at           BIGINT  NOT NULL,
    PRIMARY KEY (household_id, id)
);
