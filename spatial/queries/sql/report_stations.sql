-- Good hours of the stations inside a unit between two times, by parameter.
SELECT s.parameter,
       count(DISTINCT s.feature_key) AS stations,
       count(*) AS "values",
       avg(h.value) AS mean,
       max(h.value) AS maximum
FROM {stations} station
JOIN core.series s ON s.feature_key = station.key AND s.layer_id = :layer
JOIN derived.observation_hourly h ON h.series_id = s.id
WHERE station.unit_ids @> ARRAY [CAST(:unit_id AS integer)]
  AND h.time > :low AND h.time <= :high
  AND h.value IS NOT NULL
GROUP BY s.parameter
ORDER BY s.parameter
