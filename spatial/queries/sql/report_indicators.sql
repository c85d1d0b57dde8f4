-- The newest value of each indicator of a unit; of one month, the most official state.
SELECT DISTINCT ON (s.parameter) s.parameter AS indicator, v.period, v.value, v.state
FROM core.series s
JOIN core.indicator_value v ON v.series_id = s.id
WHERE s.layer_id = :layer
  AND s.unit_id = :unit_id
  AND v.period <= CAST(:day AS date)
  AND (v.units IS NULL OR v.units >= :fewest)
ORDER BY s.parameter, v.period DESC, array_position(ARRAY ['official', 'preliminary', 'estimate'], v.state)
