-- Newest hour of each series of a layer, and the hours that came and were good in a day and in 30 local days. Laterals:
-- a few index entries of each series are read, however long its history.
WITH today AS (
    SELECT CAST((CAST(:now AS timestamptz) - interval '1 microsecond') AT TIME ZONE :zone AS date) AS day
)
SELECT series.feature_key AS key, series.parameter, newest.time, newest.value, newest.status, newest.flag,
    daily.received, daily.good, monthly.received AS month_received, monthly.good AS month_good,
    CAST(floor(extract(epoch FROM CAST(:now AS timestamptz)
                       - CAST(today.day - 29 AS timestamp) AT TIME ZONE :zone) / 3600) AS integer) AS month_hours
FROM core.series series
CROSS JOIN today
LEFT JOIN LATERAL (
    SELECT h.time, {hour} FROM derived.observation_hourly h
    WHERE h.series_id = series.id AND h.time <= :now AND (h.raw IS NOT NULL OR h.status <> 0)
    ORDER BY h.time DESC LIMIT 1) AS newest ON true
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE h.n > 0) AS received, count(h.value) AS good FROM derived.observation_hourly h
    WHERE h.series_id = series.id AND h.time > :day_before AND h.time <= :now) AS daily
CROSS JOIN LATERAL (
    SELECT coalesce(sum(d.n), 0) AS received, coalesce(sum(d.n_good), 0) AS good FROM derived.observation_daily d
    WHERE d.series_id = series.id AND d.day > today.day - 30 AND d.day <= today.day) AS monthly
WHERE series.layer_id = :layer
ORDER BY series.feature_key, series.parameter
