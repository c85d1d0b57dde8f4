-- Bring derived.indicator_plan to what staging holds, touching only what differs; returns the number of rows changed.
WITH gone AS (
    DELETE FROM derived.indicator_plan m
    WHERE NOT EXISTS (SELECT FROM staging_indicator_plan s
                      WHERE (s.unit_id, s.code, s.year, s.issued_on) = (m.unit_id, m.code, m.year, m.issued_on))
    RETURNING 1
), merged AS (
    INSERT INTO derived.indicator_plan AS m (unit_id, code, year, issued_on, value, method)
    SELECT unit_id, code, year, issued_on, value, method FROM staging_indicator_plan
    ON CONFLICT (unit_id, code, year, issued_on) DO UPDATE SET value = excluded.value, method = excluded.method
    WHERE (m.value, m.method) IS DISTINCT FROM (excluded.value, excluded.method)
    RETURNING 1
)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM merged)
