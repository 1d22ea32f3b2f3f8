-- Which message a fact row came with, and when: for those who move.
-- name: fact_origin :one
SELECT message_id, received_at FROM fact
WHERE household_id = $1 AND version = $2 AND ordinal = $3;

-- name: stay_last :one
SELECT stay_to FROM person_stay WHERE person_id = $1
ORDER BY stay_to DESC LIMIT 1;
