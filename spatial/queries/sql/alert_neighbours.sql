-- Median of the approved hours of the nearest stations that measure the same; {station} is the table of stations.
WITH near AS (
    SELECT series.id FROM {station} here
    JOIN {station} station ON station.key <> here.key
        AND ST_DWithin(station.geom::geography, here.geom::geography, :metres)
    JOIN core.series series ON series.layer_id = :layer AND series.feature_key = station.key
        AND series.parameter = :parameter
    WHERE here.key = :key
    ORDER BY station.geom::geography <-> here.geom::geography LIMIT :most
)
SELECT hour.time, percentile_cont(0.5) WITHIN GROUP (ORDER BY hour.value) AS value, count(*) AS stations
FROM near JOIN derived.observation_hourly hour ON hour.series_id = near.id
WHERE hour.time BETWEEN :first AND :last AND hour.value IS NOT NULL
GROUP BY hour.time ORDER BY hour.time
