-- A row per series of an observation layer: its newest hour, what the last 24 hours and 30 days hold.
SELECT s.id AS series_id, s.feature_key AS key, s.parameter, s.cadence_minutes,
    newest.time, newest.value, newest.raw, newest.status, newest.flag, newest.reviewed,
    coalesce(hours.received, 0) AS received_24h, coalesce(hours.good, 0) AS good_24h,
    coalesce(days.received, 0) AS received_30d, coalesce(days.good, 0) AS good_30d
FROM core.series s
LEFT JOIN LATERAL (
    SELECT h.time, h.value, h.raw, h.status, h.flag, h.reviewed FROM derived.observation_hourly h
    WHERE h.series_id = s.id AND h.time <= :now AND (h.n > 0 OR h.status <> 0 OR h.flag <> 0)
    ORDER BY h.time DESC LIMIT 1
) AS newest ON true
LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE h.n > 0)::int AS received, count(h.value)::int AS good
    FROM derived.observation_hourly h
    WHERE h.series_id = s.id AND h.time > CAST(:clock AS timestamptz) - interval '24 hours' AND h.time <= :clock
) AS hours ON true
LEFT JOIN LATERAL (
    SELECT sum(d.n)::int AS received, sum(d.n_good)::int AS good FROM derived.observation_daily d
    WHERE d.series_id = s.id AND d.day > CAST(:today AS date) - 30 AND d.day <= :today
) AS days ON true
WHERE s.layer_id = :layer AND (CAST(:key AS text) IS NULL OR s.feature_key = :key)
ORDER BY s.feature_key, s.parameter
