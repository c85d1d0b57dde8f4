-- Medians of each station's newest forecast.
SELECT issue.feature_key AS key, value.target AS time, value.q50 AS value,
       ST_X(station.geom) AS lon, ST_Y(station.geom) AS lat
FROM (
    SELECT DISTINCT ON (series.id) series.feature_key, issue.id
    FROM core.series series JOIN derived.forecast_issue issue ON issue.series_id = series.id
    WHERE series.layer_id = :layer AND series.parameter = :parameter
    ORDER BY series.id, issue.issued_at DESC
) AS issue
JOIN derived.forecast_value value ON value.issue_id = issue.id
JOIN {stations} station ON station.key = issue.feature_key
WHERE value.target > :first AND value.target <= :last
