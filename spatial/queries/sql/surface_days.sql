-- Means of local days with hours enough; a day ends at midnight of the province, which is the time of its surface.
SELECT series.feature_key AS key, (o.day + 1)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh' AS time, o.mean AS value,
       ST_X(station.geom) AS lon, ST_Y(station.geom) AS lat
FROM core.series series
JOIN derived.observation_daily o ON o.series_id = series.id
JOIN {stations} station ON station.key = series.feature_key
WHERE series.layer_id = :layer AND series.parameter = :parameter
  AND o.day BETWEEN :first AND :last AND o.mean IS NOT NULL AND o.n_good >= :least_hours
