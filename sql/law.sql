-- Waits for whoever puts a version into force or begins a determination.
-- name: law_turn :one
-- sqlite:
SELECT 1;
-- pg:
SELECT 1 FROM pg_advisory_xact_lock(20260114);

-- name: law_newest :one
SELECT coalesce(max(version), 0) FROM law;

-- name: law_at :one
SELECT pack_id FROM law WHERE from_month <= $1 ORDER BY version DESC LIMIT 1;

-- name: law_list :many
SELECT version, from_month, pack_id, base_pack, draft_id, published_at
FROM law ORDER BY version;

-- name: law_insert :exec
INSERT INTO law (version, from_month, pack_id, base_pack, draft_id,
                 published_at)
VALUES ($1, $2, $3, $4, $5, $6);

-- Months that are decided from one on, and one whose run is not at its end.
-- name: law_months :many
SELECT DISTINCT month FROM run WHERE month >= $1 AND closed_at > 0
ORDER BY month;

-- name: law_running :one
SELECT month FROM run WHERE month >= $1 AND closed_at = 0
ORDER BY month LIMIT 1;

-- name: draft_insert :exec
-- touches: nothing
INSERT INTO draft (draft_id, path, title, base_pack, state, save, step, reason)
VALUES ($1, $2, $3, $4, 'draft', 0, 0, '');

-- name: draft_get :one
SELECT path, title, base_pack, state, save, step, from_month, reason, covers,
       newest
FROM draft WHERE draft_id = $1;

-- name: draft_list :many
SELECT d.draft_id, d.path, d.title, d.base_pack, d.state, d.save, d.step,
       d.from_month, d.reason, d.covers, d.newest, s.actor_name, s.at
FROM draft AS d, draft_step AS s
WHERE s.draft_id = d.draft_id AND s.step = d.step
ORDER BY d.draft_id;

-- name: draft_state :exec
-- touches: nothing
UPDATE draft SET state = $2, save = $3, step = $4, from_month = $5,
                 reason = $6, covers = $7, newest = $8
WHERE draft_id = $1 AND step = $4 - 1;

-- name: draft_save_insert :exec
-- touches: nothing
INSERT INTO draft_save (draft_id, save, hash, bytes) VALUES ($1, $2, $3, $4);

-- name: draft_save_get :one
SELECT hash, bytes FROM draft_save WHERE draft_id = $1 AND save = $2;

-- name: draft_save_all :many
SELECT draft_id, save, hash, bytes FROM draft_save ORDER BY draft_id, save;

-- name: draft_step_insert :exec
-- touches: nothing
INSERT INTO draft_step (draft_id, step, what, save, actor_id, actor_name, at,
                        text, from_month)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: draft_step_list :many
SELECT s.step, s.what, s.save, s.actor_id, s.actor_name, s.at, s.text,
       s.from_month, v.hash
FROM draft_step AS s, draft_save AS v
WHERE s.draft_id = $1 AND v.draft_id = s.draft_id AND v.save = s.save
ORDER BY s.step;

-- Who wrote it, made it or asked for it: none of them approves it.
-- name: draft_authors :many
SELECT DISTINCT actor_id FROM draft_step
WHERE draft_id = $1 AND what IN ('created', 'saved', 'submitted');
