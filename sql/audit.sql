-- name: audit_insert :bulk
-- touches: nothing
INSERT INTO audit_pending (household_id, id, type, leaf, salt, record)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: audit_count :one
SELECT count(*) FROM audit_pending;

-- name: audit_page :many
SELECT household_id, id, type, leaf, salt, record FROM audit_pending
WHERE (household_id, id) > ($1, $2) ORDER BY household_id, id LIMIT $3;

-- Households that were changed, with how often.
-- name: audit_heads :many
SELECT household_id, count(*) FROM audit_pending
WHERE household_id > $1 AND type = 'household'
GROUP BY household_id ORDER BY household_id LIMIT $2;
