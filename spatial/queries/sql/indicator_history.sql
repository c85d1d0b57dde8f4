-- The newest state of each own figure (official before preliminary before estimate) and plans; and what the job put
-- together for units and periods without a figure of their own.
WITH own AS (
    SELECT DISTINCT ON (s.unit_id, s.parameter, v.period, v.state = 'plan')
        s.unit_id, s.parameter AS code, v.period, v.state, v.value
    FROM core.series s JOIN core.indicator_value v ON v.series_id = s.id
    WHERE s.unit_id IS NOT NULL
      AND (CAST(:unit_ids AS integer[]) IS NULL OR s.unit_id = ANY(:unit_ids))
      AND (CAST(:codes AS text[]) IS NULL OR s.parameter = ANY(:codes))
      AND (v.period BETWEEN :first AND :last
           OR (v.state = 'plan' AND v.period BETWEEN date_trunc('year', CAST(:first AS date)) AND :last))
    ORDER BY s.unit_id, s.parameter, v.period, v.state = 'plan',
             array_position(CAST(:states AS text[]), v.state) DESC NULLS LAST, v.updated_at DESC
)
SELECT unit_id, code, period, state, value, true AS own, 'exact' AS method FROM own
UNION ALL
SELECT m.unit_id, m.code, m.period, m.state, m.value, false, m.method
FROM derived.indicator_month m
WHERE (CAST(:unit_ids AS integer[]) IS NULL OR m.unit_id = ANY(:unit_ids))
  AND (CAST(:codes AS text[]) IS NULL OR m.code = ANY(:codes))
  AND (m.period BETWEEN :first AND :last
       OR (m.state = 'plan' AND m.period BETWEEN date_trunc('year', CAST(:first AS date)) AND :last))
  AND NOT EXISTS (
      SELECT FROM own WHERE own.unit_id = m.unit_id AND own.code = m.code AND own.period = m.period
                        AND (own.state = 'plan') = (m.state = 'plan'))
ORDER BY 1, 2, 3
