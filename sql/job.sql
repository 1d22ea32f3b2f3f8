-- name: command_get :one
SELECT content_hash, answer FROM command
WHERE source = $1 AND command_id = $2;

-- name: command_insert :exec
-- touches: nothing
INSERT INTO command (source, command_id, content_hash, answer, at)
VALUES ($1, $2, $3, $4, $5);

-- name: setting_get :one
SELECT value FROM setting WHERE name = $1;

-- name: setting_set :exec
INSERT INTO setting (name, value) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: outbox_insert :exec
-- touches: nothing
INSERT INTO outbox (household_id, id, topic, body, at)
VALUES ($1, $2, $3, $4, $5);

-- name: outbox_list :many
SELECT household_id, id, topic, body, at FROM outbox ORDER BY id LIMIT $1;

-- name: command_count :one
SELECT count(*) FROM command;
