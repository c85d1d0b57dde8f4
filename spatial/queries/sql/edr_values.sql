-- Values of series between two times (NULL = open), the value NULL unless it was measured well.
SELECT s.feature_key, s.parameter, o.time,
       CASE WHEN o.status = 0 AND o.flag = 0 THEN o.value END AS value
FROM core.series s
JOIN core.observation o ON o.series_id = s.id
WHERE s.layer_id = :layer
  AND s.feature_key = ANY (:keys)
  AND s.parameter = ANY (:parameters)
  AND o.time >= coalesce(CAST(:low AS timestamptz), '-infinity')
  AND o.time <= coalesce(CAST(:high AS timestamptz), 'infinity')
ORDER BY s.feature_key, s.parameter, o.time
LIMIT :limit
