-- Hours of series between two times (NULL = open), the value NULL unless the hour is good.
SELECT s.feature_key, s.parameter, h.time, h.value
FROM core.series s
JOIN derived.observation_hourly h ON h.series_id = s.id
WHERE s.layer_id = :layer
  AND s.feature_key = ANY (:keys)
  AND s.parameter = ANY (:parameters)
  AND h.time >= coalesce(CAST(:low AS timestamptz), '-infinity')
  AND h.time <= coalesce(CAST(:high AS timestamptz), 'infinity')
ORDER BY s.feature_key, s.parameter, h.time
LIMIT :limit
