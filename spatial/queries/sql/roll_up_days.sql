-- Local days of series from their approved hours. {source} is derived.observation_hourly, or its touched days.
WITH how AS (
    SELECT * FROM unnest(CAST(:layers AS text[]), CAST(:parameters AS text[]), CAST(:hows AS text[]))
        AS h (layer_id, parameter, how)
), series AS MATERIALIZED (
    SELECT s.id, how.how = 'sum' AS adds, how.how = 'vector_mean' AS turns
    FROM core.series s JOIN how USING (layer_id, parameter)
), summed AS (
    SELECT o.series_id, CAST((o.time - interval '1 microsecond') AT TIME ZONE :zone AS date) AS day,
        bool_or(adds) AS adds, bool_or(turns) AS turns,
        count(*) FILTER (WHERE o.n > 0) AS n, count(o.value) AS n_good, avg(o.value) AS mean, sum(o.value) AS total,
        min(o.value) AS minimum, max(o.value) AS maximum,
        sum(CASE WHEN turns THEN sind(o.value) END) AS east, sum(CASE WHEN turns THEN cosd(o.value) END) AS north
    FROM {source} JOIN series ON series.id = o.series_id
    GROUP BY 1, 2
)
SELECT series_id, day, CAST(n AS integer) AS n, CAST(n_good AS integer) AS n_good,
    CASE WHEN adds THEN total
        WHEN turns THEN CAST(CAST(atan2d(east, north) + 360 AS numeric) % 360 AS double precision)
        ELSE mean END AS mean,
    minimum, maximum
FROM summed
ORDER BY series_id, day
