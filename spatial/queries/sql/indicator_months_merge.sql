-- Bring derived.indicator_month to what staging holds, touching only what differs; returns the number of rows changed.
WITH gone AS (
    DELETE FROM derived.indicator_month m
    WHERE NOT EXISTS (SELECT FROM staging_indicator_month s
                      WHERE (s.unit_id, s.code, s.period, s.state) = (m.unit_id, m.code, m.period, m.state))
    RETURNING 1
), merged AS (
    INSERT INTO derived.indicator_month AS m (unit_id, code, period, state, value, method)
    SELECT unit_id, code, period, state, value, method FROM staging_indicator_month
    ON CONFLICT (unit_id, code, period, state) DO UPDATE SET value = excluded.value, method = excluded.method
    WHERE (m.value, m.method) IS DISTINCT FROM (excluded.value, excluded.method)
    RETURNING 1
)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM merged)
