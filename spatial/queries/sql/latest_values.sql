-- Newest hour of each series of a layer, and the hours that came and were good in a day and in 30 local days.
WITH series AS MATERIALIZED (
    SELECT id, feature_key, parameter FROM core.series WHERE layer_id = :layer
), today AS (
    SELECT CAST((CAST(:now AS timestamptz) - interval '1 microsecond') AT TIME ZONE :zone AS date) AS day
), daily AS (
    SELECT h.series_id, count(*) FILTER (WHERE h.n > 0) AS received, count(h.value) AS good
    FROM series JOIN derived.observation_hourly h ON h.series_id = series.id
    WHERE h.time > :day_before AND h.time <= :now
    GROUP BY h.series_id
), monthly AS (
    SELECT d.series_id, sum(d.n) AS received, sum(d.n_good) AS good
    FROM today CROSS JOIN series
    JOIN derived.observation_daily d ON d.series_id = series.id AND d.day > today.day - 30 AND d.day <= today.day
    GROUP BY d.series_id
)
SELECT series.feature_key AS key, series.parameter, newest.time, newest.value, newest.status, newest.flag,
    coalesce(daily.received, 0) AS received, coalesce(daily.good, 0) AS good,
    coalesce(monthly.received, 0) AS month_received, coalesce(monthly.good, 0) AS month_good,
    CAST(floor(extract(epoch FROM CAST(:now AS timestamptz)
                       - CAST(today.day - 29 AS timestamp) AT TIME ZONE :zone) / 3600) AS integer) AS month_hours
FROM series
CROSS JOIN today
LEFT JOIN LATERAL (
    SELECT h.time, {hour} FROM derived.observation_hourly h
    WHERE h.series_id = series.id AND h.time <= :now AND (h.raw IS NOT NULL OR h.status <> 0)
    ORDER BY h.time DESC LIMIT 1) AS newest ON true
LEFT JOIN daily ON daily.series_id = series.id
LEFT JOIN monthly ON monthly.series_id = series.id
ORDER BY series.feature_key, series.parameter
