-- 0010-signin.sql - codes belong to the browser that asked for them, wrong
-- tries to whoever made them; a session of staff says for which purpose.
ALTER TABLE session ADD COLUMN purpose TEXT NOT NULL DEFAULT '';

-- Codes live for minutes: those under way are asked for again.
DROP TABLE login_code;

-- Codes sent to a citizen who signs in: one use, few tries, short life.
-- clustered
CREATE TABLE login_code (
    actor_id     BIGINT  NOT NULL,
    browser      BYTEA   NOT NULL,     -- hash of the secret of its forms
    code_hash    BYTEA   NOT NULL,
    expires_at   BIGINT  NOT NULL,
    tries        INTEGER NOT NULL,
    PRIMARY KEY (actor_id, browser)
);

-- How often something was done by somebody lately, known here or not: wrong
-- tries and codes sent. The key is a hash of what and who.
-- clustered
CREATE TABLE signin_limit (
    who          BYTEA   NOT NULL,
    count        INTEGER NOT NULL,
    until        BIGINT  NOT NULL,     -- counting begins anew
    PRIMARY KEY (who)
);
