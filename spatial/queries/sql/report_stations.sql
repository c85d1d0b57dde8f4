-- Good values of the stations inside a unit between two times, by parameter.
SELECT s.parameter,
       count(DISTINCT s.feature_key) AS stations,
       count(*) AS "values",
       avg(o.value) AS mean,
       max(o.value) AS maximum
FROM {stations} station
JOIN core.series s ON s.feature_key = station.key AND s.layer_id = :layer
JOIN core.observation o ON o.series_id = s.id
WHERE station.unit_ids @> ARRAY [CAST(:unit_id AS integer)]
  AND o.time > :low AND o.time <= :high
  AND o.status = 0 AND o.flag = 0 AND o.value IS NOT NULL
GROUP BY s.parameter
ORDER BY s.parameter
