-- The newest state of each figure (official before preliminary before estimate), and plans.
SELECT DISTINCT ON (s.unit_id, s.parameter, v.period, v.state = 'plan')
    s.unit_id, s.parameter AS code, v.period, v.state, v.value
FROM core.series s JOIN core.indicator_value v ON v.series_id = s.id
WHERE s.unit_id = ANY(:unit_ids) AND s.parameter = ANY(:codes)
  AND (v.period BETWEEN :first AND :last
       OR (v.state = 'plan' AND v.period BETWEEN date_trunc('year', CAST(:first AS date)) AND :last))
ORDER BY s.unit_id, s.parameter, v.period, v.state = 'plan',
         array_position(CAST(:states AS text[]), v.state) DESC NULLS LAST, v.updated_at DESC
