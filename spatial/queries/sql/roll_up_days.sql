-- Local days of series from their approved hours. {source} is derived.observation_hourly, or its touched days.
WITH how AS (
    SELECT * FROM unnest(CAST(:layers AS text[]), CAST(:parameters AS text[]), CAST(:hows AS text[]))
        AS h (layer_id, parameter, how)
), series AS MATERIALIZED (
    SELECT s.id, how.how FROM core.series s JOIN how USING (layer_id, parameter)
), summed AS (
    SELECT o.series_id, CAST((o.time - interval '1 microsecond') AT TIME ZONE :zone AS date) AS day,
        count(*) FILTER (WHERE o.n > 0) AS n, count(o.value) AS n_good, avg(o.value) AS mean, sum(o.value) AS total,
        min(o.value) AS minimum, max(o.value) AS maximum,
        sum(CASE WHEN series.how = 'vector_mean' THEN sind(o.value) END) AS east,
        sum(CASE WHEN series.how = 'vector_mean' THEN cosd(o.value) END) AS north
    FROM {source} JOIN series ON series.id = o.series_id
    GROUP BY 1, 2
)
SELECT summed.series_id, summed.day, CAST(n AS integer) AS n, CAST(n_good AS integer) AS n_good,
    CASE series.how
        WHEN 'sum' THEN total
        WHEN 'vector_mean' THEN CAST(CAST(atan2d(east, north) + 360 AS numeric) % 360 AS double precision)
        ELSE mean END AS mean,
    minimum, maximum
FROM summed JOIN series ON series.id = summed.series_id
