-- 0016 covers: what a draft was submitted over, which its reason speaks of.
-- What is decided or published behind it needs a reason of its own.
-- owner: programme
ALTER TABLE draft ADD COLUMN covers TEXT NOT NULL DEFAULT ''; -- months from
                                      -- its own on that were decided then,
                                      -- "2026-01 2026-02"
ALTER TABLE draft ADD COLUMN newest BIGINT NOT NULL DEFAULT 0; -- version of
                                      -- the law then
