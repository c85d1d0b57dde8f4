WITH how AS (
    SELECT * FROM unnest(CAST(:layers AS text[]), CAST(:parameters AS text[]), CAST(:hows AS text[]))
        AS h (layer_id, parameter, how)
), series AS (
    SELECT s.id, how.how FROM core.series s JOIN how USING (layer_id, parameter)
), every_hour AS (
    SELECT series_id, CAST((time - interval '1 microsecond') AT TIME ZONE :zone AS date) AS day, value, status, flag
    FROM core.observation
), touched_hour AS (
    SELECT o.series_id, t.day, o.value, o.status, o.flag
    FROM touched t JOIN core.observation o ON o.series_id = t.series_id
     AND o.time > CAST(t.day AS timestamp) AT TIME ZONE :zone
     AND o.time <= CAST(t.day + 1 AS timestamp) AT TIME ZONE :zone
), summed AS (
    SELECT series_id, day, count(value) AS n, count(good) AS n_good, avg(good) AS mean, sum(good) AS total,
        min(good) AS minimum, max(good) AS maximum, sum(sind(good)) AS east, sum(cosd(good)) AS north
    FROM (SELECT series_id, day, value, CASE WHEN status = 0 AND flag = 0 THEN value END AS good FROM {source}) AS hour
    GROUP BY series_id, day
)
INSERT INTO derived.observation_daily (series_id, day, n, n_good, mean, minimum, maximum)
SELECT summed.series_id, summed.day, n, n_good,
    CASE series.how
        WHEN 'sum' THEN total
        WHEN 'vector_mean' THEN CAST(CAST(atan2d(east, north) + 360 AS numeric) % 360 AS double precision)
        ELSE mean END,
    minimum, maximum
FROM summed JOIN series ON series.id = summed.series_id
