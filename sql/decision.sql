-- name: pack_get :one
SELECT hash, bytes FROM pack WHERE pack_id = $1;

-- name: pack_insert :exec
INSERT INTO pack (pack_id, hash, bytes, at) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING;

-- name: input_insert :exec
-- touches: nothing
INSERT INTO input_record (household_id, input_hash, bytes)
VALUES ($1, $2, $3) ON CONFLICT DO NOTHING;

-- name: input_add :bulk
-- touches: nothing
INSERT INTO input_record (household_id, input_hash, bytes)
VALUES ($1, $2, $3);

-- name: input_get :one
SELECT bytes FROM input_record WHERE household_id = $1 AND input_hash = $2;

-- name: decision_insert :bulk
-- touches: household $1
INSERT INTO decision (household_id, programme, month, id, version, pack_id,
                      input_hash, outcome, amount_minor, reasons, run_id,
                      decided_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- name: decision_at :one
SELECT month, id, version, pack_id, input_hash, outcome, amount_minor,
       reasons, run_id, decided_at
FROM decision
WHERE household_id = $1 AND programme = $2 AND month <= $3
ORDER BY month DESC, id DESC LIMIT 1;

-- name: decision_history :many
SELECT month, id, version, pack_id, input_hash, outcome, amount_minor,
       reasons, run_id, decided_at
FROM decision WHERE household_id = $1 AND programme = $2
ORDER BY month DESC, id DESC LIMIT $3;

-- In the order of the key, so that nothing is sorted; SQLite sees that only
-- where it does not know that the programme is one.
-- name: decision_scan :many
-- sqlite:
SELECT household_id, month, id, version, pack_id, input_hash, outcome,
       amount_minor, reasons, run_id
FROM decision
WHERE household_id >= $1 AND household_id <= $2 AND +programme = $3
      AND month <= $4
ORDER BY household_id, programme, month, id;
-- pg:
SELECT household_id, month, id, version, pack_id, input_hash, outcome,
       amount_minor, reasons, run_id
FROM decision
WHERE household_id >= $1 AND household_id <= $2 AND programme = $3
      AND month <= $4
ORDER BY household_id, programme, month, id;
-- both:

-- name: decision_page :many
SELECT household_id, programme, month, id, version, pack_id, input_hash,
       outcome, amount_minor, reasons, run_id
FROM decision
WHERE (household_id, programme, month, id) > ($1, $2, $3, $4)
ORDER BY household_id, programme, month, id LIMIT $5;

-- The same with when it was decided.
-- name: decision_times :many
SELECT household_id, programme, month, id, version, pack_id, input_hash,
       outcome, amount_minor, reasons, run_id, decided_at
FROM decision
WHERE (household_id, programme, month, id) > ($1, $2, $3, $4)
ORDER BY household_id, programme, month, id LIMIT $5;

-- Households with a decision whose input is not there.
-- name: input_lost :many
SELECT household_id FROM decision
WHERE household_id > $1 AND NOT EXISTS
    (SELECT 1 FROM input_record
     WHERE input_record.household_id = decision.household_id
       AND input_record.input_hash = decision.input_hash)
ORDER BY household_id LIMIT $2;

-- name: input_page :many
SELECT household_id, input_hash, bytes FROM input_record
WHERE (household_id, input_hash) > ($1, $2)
ORDER BY household_id, input_hash LIMIT $3;

-- name: run_page :many
SELECT run_id, programme, month, started_at, closed_at, households, changed,
       eligible, refused, amount_minor, root
FROM run WHERE run_id > $1 AND closed_at > 0 ORDER BY run_id LIMIT $2;

-- Households with a decision that names a run of which there is no row.
-- name: decision_orphans :many
SELECT household_id FROM decision
WHERE household_id > $1 AND run_id <> 0 AND NOT EXISTS
    (SELECT 1 FROM run WHERE run.run_id = decision.run_id)
ORDER BY household_id LIMIT $2;

-- Households with a decision that was not made on the days of its run; a clock
-- may have been set meanwhile.
-- name: decision_untimely :many
SELECT household_id FROM decision
WHERE household_id > $1 AND EXISTS
    (SELECT 1 FROM run WHERE run.run_id = decision.run_id
       AND (decision.decided_at < run.started_at - 86400000000
            OR (run.closed_at > 0
                AND decision.decided_at > run.closed_at + 86400000000)))
ORDER BY household_id LIMIT $2;

-- name: decision_count :one
SELECT count(*) FROM decision;

-- name: decision_any :one
SELECT count(*) FROM (SELECT 1 FROM decision LIMIT 1) AS first_row;

-- name: run_insert :exec
-- touches: runs
INSERT INTO run (run_id, programme, month, pack_id, started_at, closed_at,
                 households, persons, changed, eligible, refused,
                 amount_minor, root)
VALUES ($1, $2, $3, $4, $5, 0, 0, 0, 0, 0, '{}', 0, $6);

-- name: run_open :one
SELECT run_id, started_at FROM run
WHERE programme = $1 AND month = $2 AND pack_id = $3 AND closed_at = 0
ORDER BY run_id LIMIT 1;

-- name: run_close :exec
-- touches: runs
UPDATE run SET closed_at = $2, households = $3, persons = $4, changed = $5,
               eligible = $6, refused = $7, amount_minor = $8, root = $9
WHERE run_id = $1;

-- A run that another law cut short: its decisions name it, and nobody goes on
-- with it. Neither open (0) nor closed.
-- name: run_give_up :exec
-- touches: runs
UPDATE run SET closed_at = -1
WHERE programme = $1 AND month = $2 AND pack_id <> $3 AND closed_at = 0;

-- name: run_delete :exec
-- touches: runs
DELETE FROM run WHERE run_id = $1 AND closed_at = 0;

-- name: run_last :one
SELECT run_id, pack_id, closed_at, households, persons, changed, eligible,
       refused, amount_minor, root
FROM run WHERE programme = $1 AND month = $2 AND closed_at > 0
ORDER BY closed_at DESC, run_id DESC LIMIT 1;

-- Months that are determined or being so: what becomes known while a run is
-- under way must not be missed by both.
-- name: run_first :one
SELECT min(closed_at) FROM run
WHERE programme = $1 AND month = $2 AND closed_at > 0;

-- name: run_months :many
SELECT DISTINCT month FROM run
WHERE programme = $1 AND month >= $2 ORDER BY month;

-- name: run_any :one
SELECT run_id FROM run LIMIT 1;

-- name: run_latest :one
SELECT max(month) FROM run WHERE programme = $1 AND closed_at > 0;

-- name: run_next :one
SELECT min(month) FROM run
WHERE programme = $1 AND month > $2 AND closed_at > 0;

-- name: newest_decision :one
SELECT coalesce(max(closed_at), 0) FROM run;
