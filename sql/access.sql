-- name: read_insert :bulk
-- touches: nothing
INSERT INTO access_read (household_id, id, actor_id, actor_name, role,
                         purpose, what, at, refused)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: read_list :many
SELECT id, actor_id, actor_name, role, purpose, what, at, refused
FROM access_read
WHERE household_id = $1 ORDER BY id DESC LIMIT $2;

-- name: read_page :many
SELECT id, role, purpose, what, at, refused FROM access_read
WHERE household_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3;

-- Whether a household is there, and the actor was not refused at it since.
-- name: read_refused_first :one
SELECT 1 FROM household_book WHERE household_id = $1 AND NOT EXISTS (
    SELECT 1 FROM access_read AS r
    WHERE r.household_id = $1 AND r.actor_id = $2 AND r.at > $3
      AND r.refused = 1);

-- name: actor_insert :exec
-- touches: nothing
INSERT INTO actor (actor_id, name, label, person_id, roles, password,
                   code_key, code_step, failures, locked_until, disabled,
                   national_id, waiting, asked_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, 0, 0, $8, $9, $10);

-- name: actor_by_name :one
SELECT actor_id, label, person_id, roles, password, code_key, code_step,
       disabled, national_id, waiting, asked_by
FROM actor WHERE name = $1;

-- name: actor_get :one
SELECT name, label, person_id, roles, national_id FROM actor
WHERE actor_id = $1;

-- Accounts of one person that may be used or wait to be.
-- name: actor_of_national :many
SELECT name, roles FROM actor WHERE national_id = $1 AND disabled = 0;

-- name: actor_of_person :many
SELECT name, roles FROM actor WHERE person_id = $1 AND disabled = 0;

-- Administrators who were ever in force, and those who are, without one.
-- name: admin_count :one
SELECT count(*), coalesce(sum(1 - disabled), 0) FROM actor
WHERE waiting = 0 AND password IS NOT NULL AND roles LIKE '%admin%'
  AND actor_id <> $1;

-- name: actor_approve :exec
-- touches: nothing
UPDATE actor SET waiting = 0, approved_by = $2 WHERE actor_id = $1;

-- name: actor_list :many
SELECT a.actor_id, a.name, a.label, a.person_id, a.roles, a.disabled,
       a.waiting, b.name, e.actor_id
FROM actor AS a LEFT JOIN actor AS b ON b.actor_id = a.approved_by
LEFT JOIN actor_enrol AS e ON e.actor_id = a.actor_id
ORDER BY a.name;

-- Accounts in the order of their ids, with what their leaves say.
-- name: actor_page :many
SELECT actor_id, name, roles, person_id, national_id, asked_by, disabled,
       waiting
FROM actor WHERE actor_id > $1 ORDER BY actor_id LIMIT $2;

-- Accounts of staff are changed by one at a time.
-- name: account_turn :one
-- sqlite:
SELECT 1;
-- pg:
SELECT 1 FROM pg_advisory_xact_lock(20260103);

-- name: enrol_insert :exec
-- touches: nothing
INSERT INTO actor_enrol (actor_id, asked_hash, expires_at, tries)
VALUES ($1, $2, 0, 0);

-- name: enrol_get :one
SELECT asked_hash, confirmed_hash, expires_at, tries FROM actor_enrol
WHERE actor_id = $1;

-- name: enrol_confirm :exec
-- touches: nothing
UPDATE actor_enrol SET confirmed_hash = $2, expires_at = $3, tries = 0
WHERE actor_id = $1;

-- name: enrol_try :exec
-- touches: nothing
UPDATE actor_enrol SET tries = tries + 1 WHERE actor_id = $1;

-- name: enrol_delete :exec
-- touches: nothing
DELETE FROM actor_enrol WHERE actor_id = $1;

-- name: actor_enrol :exec
-- touches: nothing
UPDATE actor SET password = $2, code_key = $3 WHERE actor_id = $1;

-- name: actor_code_step :exec
-- touches: nothing
UPDATE actor SET code_step = $2 WHERE actor_id = $1;

-- name: actor_disable :exec
-- touches: actors
UPDATE actor SET disabled = 1 WHERE actor_id = $1;

-- name: session_insert :exec
-- touches: session $1
INSERT INTO session (token_hash, actor_id, lang, created_at, seen_at,
                     expires_at, purpose)
VALUES ($1, $2, $3, $4, $4, $5, '');

-- name: session_get :one
SELECT s.actor_id, s.expires_at, a.name, a.label, a.person_id, a.roles,
       a.national_id, s.seen_at, s.purpose
FROM session AS s JOIN actor AS a ON a.actor_id = s.actor_id
WHERE s.token_hash = $1 AND a.disabled = 0 AND a.waiting = 0;

-- name: session_purpose_set :exec
-- touches: session $1
UPDATE session SET purpose = $2 WHERE token_hash = $1;

-- Kept sessions know by themselves when they were seen.
-- name: session_seen :exec
-- touches: nothing
UPDATE session SET seen_at = $2 WHERE token_hash = $1;

-- name: session_delete :exec
-- touches: session $1
DELETE FROM session WHERE token_hash = $1;

-- name: session_delete_of :exec
-- touches: actors
DELETE FROM session WHERE actor_id = $1;

-- A session that is over is refused by its hour, kept or not.
-- name: session_expire :exec
-- touches: nothing
DELETE FROM session WHERE expires_at < $1;

-- name: code_set :exec
-- touches: nothing
INSERT INTO login_code (actor_id, browser, code_hash, expires_at, tries)
VALUES ($1, $2, $3, $4, 0)
ON CONFLICT (actor_id, browser) DO UPDATE SET code_hash = excluded.code_hash,
    expires_at = excluded.expires_at, tries = 0;

-- name: code_get :one
SELECT code_hash, expires_at, tries FROM login_code
WHERE actor_id = $1 AND browser = $2;

-- name: code_try :exec
-- touches: nothing
UPDATE login_code SET tries = tries + 1 WHERE actor_id = $1 AND browser = $2;

-- A code is good once.
-- name: code_used :exec
-- touches: nothing
DELETE FROM login_code WHERE actor_id = $1 AND browser = $2;

-- name: code_expire :exec
-- touches: nothing
DELETE FROM login_code WHERE expires_at < $1;

-- name: limit_get :one
SELECT count, until FROM signin_limit WHERE who = $1;

-- name: limit_set :exec
-- touches: nothing
INSERT INTO signin_limit (who, count, until) VALUES ($1, $2, $3)
ON CONFLICT (who) DO UPDATE SET count = excluded.count,
    until = excluded.until;

-- name: limit_clear :exec
-- touches: nothing
DELETE FROM signin_limit WHERE who = $1;

-- name: limit_expire :exec
-- touches: nothing
DELETE FROM signin_limit WHERE until < $1;

-- name: kin_insert :exec
-- touches: actors
INSERT INTO actor_kin (actor_id, national_id) VALUES ($1, $2)
ON CONFLICT DO NOTHING;

-- name: kin_persons :many
SELECT person_id FROM actor_kin AS k
JOIN person_key AS p ON p.national_id = k.national_id
WHERE k.actor_id = $1;

-- name: kin_list :many
SELECT national_id FROM actor_kin WHERE actor_id = $1
ORDER BY national_id;
