-- name: scenario_list :many
SELECT name, query FROM scenario WHERE actor_id = $1
ORDER BY saved_at DESC, name LIMIT $2;

-- name: scenario_count :one
SELECT count(*) FROM scenario WHERE actor_id = $1 AND name <> $2;

-- name: scenario_put :exec
-- touches: nothing
INSERT INTO scenario (actor_id, name, query, saved_at)
VALUES ($1, $2, $3, $4)
ON CONFLICT (actor_id, name)
DO UPDATE SET query = excluded.query, saved_at = excluded.saved_at;

-- name: scenario_drop :exec
-- touches: nothing
DELETE FROM scenario WHERE actor_id = $1 AND name = $2;
