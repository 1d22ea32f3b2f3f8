-- name: book_get :one
SELECT version, book FROM household_book WHERE household_id = $1;

-- name: book_lock :one
-- sqlite:
SELECT version, book FROM household_book WHERE household_id = $1;
-- pg:
SELECT version, book FROM household_book WHERE household_id = $1 FOR UPDATE;
-- both:

-- name: book_insert :bulk
-- touches: household $1
INSERT INTO household_book (household_id, version, format, book)
VALUES ($1, $2, $3, $4);

-- name: book_update :exec
-- touches: household $1
UPDATE household_book SET version = $2, format = $3, book = $4
WHERE household_id = $1 AND version = $2 - 1;

-- name: book_page :many
SELECT household_id, version, book FROM household_book
WHERE household_id > $1 ORDER BY household_id LIMIT $2;

-- Households that have facts, with the newest version of one.
-- name: fact_heads :many
SELECT household_id, max(version) FROM fact WHERE household_id > $1
GROUP BY household_id ORDER BY household_id LIMIT $2;

-- Where a page of books ends.
-- name: book_page_end :one
SELECT household_id FROM household_book WHERE household_id > $1
ORDER BY household_id LIMIT 1 OFFSET $2;

-- By whom and what people are found, of a range of households.
-- name: home_keys :many
SELECT household_id, person_id, national_id FROM person_key
WHERE household_id > $1 AND household_id <= $2 ORDER BY household_id;

-- name: home_stays :many
SELECT household_id, person_id, stay_to FROM person_stay
WHERE household_id > $1 AND household_id <= $2 ORDER BY household_id;

-- name: home_names :many
SELECT k.household_id, n.person_id, n.part, n.household_id
FROM person_key AS k INNER JOIN person_name AS n ON n.person_id = k.person_id
WHERE k.household_id > $1 AND k.household_id <= $2 ORDER BY k.household_id;

-- People with names of whom nobody knows where they live; person by person,
-- which reads one index from end to end and not every name in its place.
-- name: name_strays :many
SELECT
    (SELECT min(n.household_id) FROM person_name AS n
     WHERE n.person_id = s.person_id) AS household_id
FROM (SELECT DISTINCT person_id FROM person_name) AS s
WHERE NOT EXISTS
    (SELECT 1 FROM person_key AS k WHERE k.person_id = s.person_id)
LIMIT $1;

-- name: version_page :many
-- sqlite:
SELECT household_id, version FROM household_book
WHERE household_id >= $1 AND household_id <= $2 ORDER BY household_id;
-- pg:
SELECT household_id, version FROM household_book
WHERE household_id >= $1 AND household_id <= $2 ORDER BY household_id
FOR SHARE;
-- both:

-- name: book_any :one
SELECT household_id FROM household_book LIMIT 1;

-- name: book_count :one
SELECT count(*), coalesce(min(household_id), 0), coalesce(max(household_id), 0)
FROM household_book;

-- name: fact_insert :bulk
-- touches: household $1
INSERT INTO fact (household_id, version, ordinal, subject, true_from, true_to,
                  source, message_id, received_at, attributes)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: fact_list :many
SELECT version, ordinal, subject, true_from, true_to, source, message_id,
       received_at, attributes
FROM fact WHERE household_id = $1 AND version <= $2
ORDER BY version, ordinal;

-- name: fact_page :many
SELECT household_id, version, ordinal, subject, true_from, source, message_id,
       received_at, attributes
FROM fact WHERE (household_id, version, ordinal) > ($1, $2, $3)
ORDER BY household_id, version, ordinal LIMIT $4;

-- name: fact_of_source :many
SELECT subject, true_from, message_id, attributes FROM fact
WHERE household_id = $1 AND source = $2 ORDER BY version, ordinal;

-- name: person_insert :bulk
-- touches: homes
INSERT INTO person_key (person_id, household_id, national_id)
VALUES ($1, $2, $3);

-- name: person_count :one
SELECT count(*) FROM person_key;

-- name: person_get :one
SELECT household_id, national_id FROM person_key WHERE person_id = $1;

-- name: person_by_national :one
SELECT person_id, household_id FROM person_key WHERE national_id = $1;

-- name: person_move :exec
-- touches: homes
UPDATE person_key SET household_id = $2 WHERE person_id = $1;

-- name: person_national_set :exec
-- touches: homes
UPDATE person_key SET national_id = $2 WHERE person_id = $1;

-- name: person_list :many
SELECT person_id FROM person_key WHERE household_id = $1 ORDER BY person_id;

-- name: person_of_household :many
SELECT person_id, national_id FROM person_key WHERE household_id = $1;

-- name: stay_insert :exec
-- touches: homes
INSERT INTO person_stay (person_id, stay_to, household_id)
VALUES ($1, $2, $3);

-- name: stay_list :many
SELECT household_id, stay_to FROM person_stay
WHERE person_id = $1 ORDER BY stay_to;

-- name: name_insert :exec
-- touches: nothing
INSERT INTO person_name (part, person_id, household_id)
VALUES ($1, $2, $3) ON CONFLICT DO NOTHING;

-- name: name_delete :exec
-- touches: nothing
DELETE FROM person_name WHERE person_id = $1;

-- How many parts lie in a range, as far as it matters.
-- name: name_count :one
SELECT count(*) FROM (SELECT 1 FROM person_name
                      WHERE part >= $1 AND part < $2 LIMIT $3) AS few;

-- Where a page of parts ends: the last of $5 + 1 rows after a place.
-- name: name_page_end :one
SELECT part, person_id FROM person_name
WHERE (part, person_id) > ($1, $2) AND (part, person_id) < ($3, $4)
ORDER BY part, person_id LIMIT 1 OFFSET $5;

-- Persons with a part between two places of a range that begins at $5, and
-- with a part in each other range that is given; once each, at the first of
-- their parts in the range. A subquery with LIMIT is a probe on both
-- databases, never a join over all bearers of a common name.
-- name: name_meet :many
SELECT a.part, a.person_id, a.household_id FROM person_name AS a
WHERE (a.part, a.person_id) > ($1, $2) AND (a.part, a.person_id) <= ($3, $4)
  AND ($6 = '' OR (SELECT 1 FROM person_name AS b
                  WHERE b.person_id = a.person_id
                    AND b.part >= $6 AND b.part < $7 LIMIT 1) = 1)
  AND ($8 = '' OR (SELECT 1 FROM person_name AS b
                  WHERE b.person_id = a.person_id
                    AND b.part >= $8 AND b.part < $9 LIMIT 1) = 1)
  AND ($10 = '' OR (SELECT 1 FROM person_name AS b
                  WHERE b.person_id = a.person_id
                    AND b.part >= $10 AND b.part < $11 LIMIT 1) = 1)
  AND ($12 = '' OR (SELECT 1 FROM person_name AS b
                  WHERE b.person_id = a.person_id
                    AND b.part >= $12 AND b.part < $13 LIMIT 1) = 1)
  AND ($14 = '' OR (SELECT 1 FROM person_name AS b
                  WHERE b.person_id = a.person_id
                    AND b.part >= $14 AND b.part < $15 LIMIT 1) = 1)
  AND (SELECT 1 FROM person_name AS c
       WHERE c.person_id = a.person_id
         AND c.part >= $5 AND c.part < a.part LIMIT 1) IS NULL
ORDER BY a.part, a.person_id LIMIT $16;

-- name: stay_persons :many
SELECT person_id FROM person_stay WHERE household_id = $1;

-- name: relation_insert :exec
-- touches: homes
INSERT INTO person_relation (person_id, other_id, kind, true_from, source,
                             message_id, received_at)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING;

-- name: relation_list :many
SELECT other_id, kind FROM person_relation WHERE person_id = $1
ORDER BY other_id, kind;

-- name: relation_days :many
SELECT other_id, kind, true_from FROM person_relation WHERE person_id = $1
ORDER BY other_id, kind;

-- name: relation_page :many
SELECT person_id, other_id, kind, true_from, source, message_id, received_at
FROM person_relation WHERE (person_id, other_id, kind) > ($1, $2, $3)
ORDER BY person_id, other_id, kind LIMIT $4;

-- Households with a fact whose command is not there, or of another time. The
-- rows of a CSV file and the facts with which a demo nation starts (their ids
-- begin with start-) were said by no command.
-- name: command_lost :many
SELECT household_id FROM fact
WHERE household_id > $1 AND source <> 'csv'
      AND substr(message_id, 1, 6) <> 'start-' AND NOT EXISTS
    (SELECT 1 FROM command WHERE command.source = fact.source
       AND command.command_id = fact.message_id
       AND command.at = fact.received_at)
ORDER BY household_id LIMIT $2;
