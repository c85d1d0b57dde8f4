-- The newest state of each own figure (official before preliminary before estimate), figures computed by the platform,
-- the plan in force on a day; and what the job put together for units and periods without any of their own.
WITH own AS (
    SELECT DISTINCT ON (s.unit_id, s.parameter, v.period)
        s.unit_id, s.parameter AS code, v.period, v.state, v.value, v.published_on, v.units
    FROM core.series s JOIN core.indicator_value v ON v.series_id = s.id
    WHERE s.unit_id IS NOT NULL
      AND (CAST(:unit_ids AS integer[]) IS NULL OR s.unit_id = ANY(:unit_ids))
      AND (CAST(:codes AS text[]) IS NULL OR s.parameter = ANY(:codes))
      AND v.period BETWEEN :first AND :last
    ORDER BY s.unit_id, s.parameter, v.period,
             array_position(CAST(:states AS text[]), v.state) DESC NULLS LAST, v.updated_at DESC
), own_plan AS (
    SELECT DISTINCT ON (s.unit_id, s.parameter, p.year, CASE WHEN :every_plan THEN p.issued_on END)
        s.unit_id, s.parameter AS code, p.year, p.value, p.issued_on, p.document
    FROM core.series s JOIN core.indicator_plan p ON p.series_id = s.id
    WHERE s.unit_id IS NOT NULL
      AND (CAST(:unit_ids AS integer[]) IS NULL OR s.unit_id = ANY(:unit_ids))
      AND (CAST(:codes AS text[]) IS NULL OR s.parameter = ANY(:codes))
      AND p.year BETWEEN date_trunc('year', CAST(:first AS date)) AND :last
      AND (CAST(:plans_on AS date) IS NULL OR p.issued_on <= :plans_on)
    ORDER BY s.unit_id, s.parameter, p.year, CASE WHEN :every_plan THEN p.issued_on END, p.issued_on DESC
), built_plan AS (
    SELECT DISTINCT ON (m.unit_id, m.code, m.year, CASE WHEN :every_plan THEN m.issued_on END)
        m.unit_id, m.code, m.year, m.value, m.issued_on, m.method
    FROM derived.indicator_plan m
    WHERE (CAST(:unit_ids AS integer[]) IS NULL OR m.unit_id = ANY(:unit_ids))
      AND (CAST(:codes AS text[]) IS NULL OR m.code = ANY(:codes))
      AND m.year BETWEEN date_trunc('year', CAST(:first AS date)) AND :last
      AND (CAST(:plans_on AS date) IS NULL OR m.issued_on <= :plans_on)
    ORDER BY m.unit_id, m.code, m.year, CASE WHEN :every_plan THEN m.issued_on END, m.issued_on DESC
)
SELECT unit_id, code, period, state, value, true AS own, 'exact' AS method, published_on, NULL::integer AS n,
       NULL::timestamptz AS until, NULL::date AS issued_on, NULL::text AS document
FROM own WHERE units IS NULL OR units >= :fewest
UNION ALL
SELECT m.unit_id, m.code, m.period, m.state, m.value, false, m.method, NULL, NULL, NULL, NULL, NULL
FROM derived.indicator_month m
WHERE (CAST(:unit_ids AS integer[]) IS NULL OR m.unit_id = ANY(:unit_ids))
  AND (CAST(:codes AS text[]) IS NULL OR m.code = ANY(:codes))
  AND m.period BETWEEN :first AND :last
  AND NOT EXISTS (SELECT FROM own WHERE own.unit_id = m.unit_id AND own.code = m.code AND own.period = m.period)
UNION ALL
SELECT c.unit_id, c.code, c.period, c.state, c.value, true, 'exact', NULL, c.n, c.until, NULL, NULL
FROM derived.indicator_computed c
WHERE (CAST(:unit_ids AS integer[]) IS NULL OR c.unit_id = ANY(:unit_ids))
  AND (CAST(:codes AS text[]) IS NULL OR c.code = ANY(:codes))
  AND c.period BETWEEN :first AND :last
UNION ALL
SELECT unit_id, code, year, 'plan', value, true, 'exact', NULL, NULL, NULL, issued_on, document FROM own_plan
UNION ALL
SELECT b.unit_id, b.code, b.year, 'plan', b.value, false, b.method, NULL, NULL, NULL, b.issued_on, NULL
FROM built_plan b
WHERE NOT EXISTS (SELECT FROM own_plan p WHERE p.unit_id = b.unit_id AND p.code = b.code AND p.year = b.year)
ORDER BY 1, 2, 3
