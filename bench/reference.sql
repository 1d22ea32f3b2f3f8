-- The rules of reference.dmn for 2026-01 in SQL, money in halalas: for both
-- SQLite and PostgreSQL, over household(household_id, in_shelter) and person,
-- both keyed by household.
WITH agg AS (
  SELECT household_id, count(*) AS size,
    sum(CASE WHEN salary + bonus > 75000 THEN salary + bonus - 75000 ELSE 0 END
        + pension + rent + business) AS income,
    max(CASE WHEN role = 0 THEN nationality END) AS nationality,
    max(CASE WHEN role = 0 THEN resident END) AS resident,
    max(CASE WHEN role = 0 THEN days_abroad END) AS days_abroad,
    sum(CASE WHEN enrolled = 1 AND birth <= 18262 AND birth > 13514
        THEN 1 ELSE 0 END) AS pupils,
    sum(CASE WHEN nationality <> 2 AND birth <= -1461 THEN 1 ELSE 0 END)
      AS cards
  FROM (SELECT *, CASE WHEN salary > 0 AND person_id % 12 = 0
               THEN 20000 ELSE 0 END AS bonus FROM person) AS p
  GROUP BY household_id),
decided AS (
  SELECT size, pupils, cards, income, 132000 + 66000 * (size - 1) AS threshold,
    CASE WHEN nationality = 2 THEN 1 WHEN resident = 0 THEN 2
      WHEN days_abroad > 90 THEN 3 WHEN in_shelter = 1 THEN 4
      WHEN income >= 132000 + 66000 * (size - 1) THEN 5 ELSE 0 END AS reason
  FROM agg JOIN household USING (household_id))
SELECT sum(CASE WHEN reason = 0 THEN 1 ELSE 0 END),
  sum(CASE WHEN reason = 0 THEN threshold - income + 10000 * pupils
    + CASE WHEN size <= 2 THEN 4000 WHEN size <= 5 THEN 7000
        WHEN size <= 9 THEN 10000 ELSE 13000 END
    + CASE WHEN size = 1 THEN 15000 WHEN size = 2 THEN 22500
        WHEN size = 3 THEN 30000 WHEN size = 4 THEN 36000
        WHEN size = 5 THEN 42000 WHEN size = 6 THEN 48000
        WHEN size = 7 THEN 53000 ELSE 58000 END ELSE 0 END),
  sum(cards)
FROM decided;
