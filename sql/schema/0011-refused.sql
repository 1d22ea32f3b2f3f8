-- 0011 refused: the record of reads knows also who tried and was refused.
-- owner: access
ALTER TABLE access_read ADD COLUMN refused INTEGER NOT NULL DEFAULT 0;
