-- Who reported what: of units in force on a day, by indicator and level, the newest period and how many units have it.
WITH unit AS (
    SELECT id, level FROM core.admin_unit
    WHERE valid_from <= :as_of AND (valid_to IS NULL OR valid_to > :as_of)
), newest AS (
    SELECT s.parameter AS code, unit.level, s.unit_id, max(v.period) AS period
    FROM unit JOIN core.series s ON s.unit_id = unit.id JOIN core.indicator_value v ON v.series_id = s.id
    WHERE v.period <= :as_of
    GROUP BY s.parameter, unit.level, s.unit_id
)
SELECT n.code, n.level, max(n.period) AS newest, min(n.period) AS oldest, count(*) AS reporting,
       count(*) FILTER (WHERE n.period = top.period) AS newest_units,
       (SELECT count(*) FROM unit WHERE unit.level = n.level) AS units
FROM newest n
JOIN (SELECT code, level, max(period) AS period FROM newest GROUP BY code, level) top USING (code, level)
GROUP BY n.code, n.level
ORDER BY n.code, n.level
