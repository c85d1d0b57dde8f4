-- Approved hourly means of one parameter with the place of the station.
SELECT series.feature_key AS key, o.time, o.value, ST_X(station.geom) AS lon, ST_Y(station.geom) AS lat
FROM core.series series
JOIN derived.observation_hourly o ON o.series_id = series.id
JOIN {stations} station ON station.key = series.feature_key
WHERE series.layer_id = :layer AND series.parameter = :parameter
  AND o.time BETWEEN :first AND :last AND o.value IS NOT NULL
