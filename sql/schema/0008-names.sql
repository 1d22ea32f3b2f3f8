-- 0008-names.sql - a search asks of each bearer of one name whether he has the
-- others too; the index answers that without a look at the table.
DROP INDEX name_person;
CREATE INDEX name_person ON person_name (person_id, part);
