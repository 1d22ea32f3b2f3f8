-- name: read_insert :bulk
-- touches: nothing
INSERT INTO access_read (household_id, id, actor_id, actor_name, role,
                         purpose, what, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: read_list :many
SELECT id, actor_id, actor_name, role, purpose, what, at FROM access_read
WHERE household_id = $1 ORDER BY id DESC LIMIT $2;

-- name: actor_insert :exec
-- touches: nothing
INSERT INTO actor (actor_id, name, label, person_id, roles, password,
                   code_key, code_step, failures, locked_until, disabled,
                   national_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, 0, 0, $8);

-- name: actor_by_name :one
SELECT actor_id, label, person_id, roles, password, code_key, code_step,
       failures, locked_until, disabled, national_id
FROM actor WHERE name = $1;

-- name: actor_list :many
SELECT actor_id, name, label, person_id, roles, disabled FROM actor
ORDER BY name;

-- name: actor_tried :exec
-- touches: nothing
UPDATE actor SET failures = $2, locked_until = $3, code_step = $4
WHERE actor_id = $1;

-- name: actor_disable :exec
-- touches: actors
UPDATE actor SET disabled = 1 WHERE actor_id = $1;

-- name: session_insert :exec
-- touches: session $1
INSERT INTO session (token_hash, actor_id, lang, created_at, seen_at,
                     expires_at)
VALUES ($1, $2, $3, $4, $4, $5);

-- name: session_get :one
SELECT s.actor_id, s.expires_at, a.name, a.label, a.person_id, a.roles,
       a.national_id
FROM session AS s JOIN actor AS a ON a.actor_id = s.actor_id
WHERE s.token_hash = $1 AND a.disabled = 0;

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
INSERT INTO login_code (actor_id, code_hash, expires_at, tries, sent,
                        sent_since)
VALUES ($1, $2, $3, 0, $4, $5)
ON CONFLICT (actor_id) DO UPDATE SET code_hash = excluded.code_hash,
    expires_at = excluded.expires_at, tries = 0, sent = excluded.sent,
    sent_since = excluded.sent_since;

-- name: code_get :one
SELECT code_hash, expires_at, tries, sent, sent_since FROM login_code WHERE actor_id = $1;

-- name: code_try :exec
-- touches: nothing
UPDATE login_code SET tries = tries + 1 WHERE actor_id = $1;

-- A code is good once; how many were sent stays.
-- name: code_used :exec
-- touches: nothing
UPDATE login_code SET expires_at = 0 WHERE actor_id = $1;

-- name: kin_insert :exec
-- touches: actors
INSERT INTO actor_kin (actor_id, national_id) VALUES ($1, $2)
ON CONFLICT DO NOTHING;

-- name: kin_persons :many
SELECT person_id FROM actor_kin AS k
JOIN person_key AS p ON p.national_id = k.national_id
WHERE k.actor_id = $1;
