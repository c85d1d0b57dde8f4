-- Hours of series from raw values. {source} is core.observation, or the part of it that lies in touched days; an hour
-- holds the values after its start up to and with its end. A person's newest verdict goes before status and marks.
-- OFFSET 0 keeps the planner from copying the look for a verdict into every expression that uses it.
WITH how AS (
    SELECT * FROM unnest(CAST(:layers AS text[]), CAST(:parameters AS text[]), CAST(:hows AS text[]))
        AS h (layer_id, parameter, how)
), series AS MATERIALIZED (
    SELECT s.id, how.how = 'sum' AS adds, how.how = 'vector_mean' AS turns,
        greatest(1, ceil(CAST(:share AS double precision) * 60 / s.cadence_minutes - 1e-9)) AS least,
        EXISTS (SELECT FROM core.observation_review r WHERE r.series_id = s.id AND r.revoked_at IS NULL) AS judged
    FROM core.series s JOIN how USING (layer_id, parameter)
), judged AS (
    SELECT o.series_id, date_bin('1 hour', o.time - interval '1 microsecond', 'epoch') + interval '1 hour' AS time,
        o.value, o.status, o.flag, series.adds, series.turns, series.least,
        CASE WHEN series.judged THEN (
            SELECT r.verdict FROM core.observation_review r
            WHERE r.series_id = o.series_id AND r.revoked_at IS NULL AND o.time BETWEEN r.first AND r.last
            ORDER BY r.id DESC LIMIT 1) END AS verdict
    FROM {source} JOIN series ON series.id = o.series_id
    OFFSET 0
), sorted AS (
    SELECT series_id, time, value, adds, turns, least, verdict,
        CASE WHEN verdict = 'good' THEN 0 ELSE status END AS status,
        CASE WHEN verdict = 'good' THEN 0 WHEN verdict = 'bad' THEN flag | :rejected ELSE flag END AS flag,
        CASE WHEN verdict = 'good' OR (verdict IS NULL AND status = 0 AND flag = 0) THEN value END AS good
    FROM judged
), summed AS (
    SELECT series_id, time, bool_or(adds) AS adds, bool_or(turns) AS turns, min(least) AS least,
        count(value) AS n, count(good) AS n_good,
        avg(good) AS mean, sum(good) AS total, min(good) AS minimum, max(good) AS maximum,
        sum(CASE WHEN turns THEN sind(good) END) AS east, sum(CASE WHEN turns THEN cosd(good) END) AS north,
        avg(value) AS raw_mean, sum(value) AS raw_total,
        sum(CASE WHEN turns THEN sind(value) END) AS raw_east, sum(CASE WHEN turns THEN cosd(value) END) AS raw_north,
        max(status) AS status, bit_or(flag) AS flag, count(verdict) > 0 AS reviewed
    FROM sorted GROUP BY series_id, time
)
SELECT series_id, time, CAST(n AS smallint) AS n, CAST(n_good AS smallint) AS n_good,
    CASE WHEN n_good < least THEN NULL WHEN n_good = 1 THEN minimum WHEN adds THEN total
        WHEN turns THEN CAST(CAST(atan2d(east, north) + 360 AS numeric) % 360 AS double precision)
        ELSE mean END AS value,
    CASE WHEN n <= 1 THEN raw_mean WHEN adds THEN raw_total
        WHEN turns THEN CAST(CAST(atan2d(raw_east, raw_north) + 360 AS numeric) % 360 AS double precision)
        ELSE raw_mean END AS raw,
    minimum, maximum, CAST(status AS smallint) AS status,
    CAST(CASE WHEN n_good > 0 AND n_good < least THEN flag | :sparse ELSE flag END AS smallint) AS flag,
    reviewed
FROM summed
ORDER BY series_id, time
