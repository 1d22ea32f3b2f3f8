-- name: schema_insert :exec
INSERT INTO schema_version (number, file, tag, applied_at)
VALUES ($1, $2, $3, $4);

-- name: schema_list :many
SELECT number, file, tag FROM schema_version ORDER BY number;

-- A node that nobody holds and whose ids all lie behind $1, the time now; or
-- one that was held by a process that is gone, see $2.
-- name: node_free :one
SELECT node, until_ms, lease FROM store_node
WHERE (held = 0 AND until_ms < $1) OR until_ms < $2
ORDER BY until_ms, node LIMIT 1;

-- When all are in use: the one given back whose ids reach least far ahead.
-- name: node_ahead :one
SELECT node, until_ms, lease FROM store_node
WHERE held = 0 ORDER BY until_ms, node LIMIT 1;

-- name: node_next :one
SELECT coalesce(max(node), -1) + 1 FROM store_node;

-- name: node_insert :exec
-- touches: nothing
INSERT INTO store_node (node, held, until_ms, lease)
VALUES ($1, 0, 0, 0) ON CONFLICT DO NOTHING;

-- name: node_take :exec
-- touches: nothing
UPDATE store_node SET held = 1, until_ms = $3, lease = lease + 1
WHERE node = $1 AND lease = $2;

-- name: node_renew :exec
-- touches: nothing
UPDATE store_node SET until_ms = $3
WHERE node = $1 AND lease = $2 AND held = 1;

-- name: node_return :exec
-- touches: nothing
UPDATE store_node SET held = 0, until_ms = $3
WHERE node = $1 AND lease = $2;
