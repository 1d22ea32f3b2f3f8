-- 0015 scenario: simulations that policy officers keep by names of their own.
-- owner: service

CREATE TABLE scenario (
    actor_id BIGINT NOT NULL, -- whose it is; nobody else sees it
    name     TEXT   NOT NULL,
    query    TEXT   NOT NULL, -- of /p/simulate: month and changes
    saved_at BIGINT NOT NULL, -- microseconds UTC
    PRIMARY KEY (actor_id, name)
);
