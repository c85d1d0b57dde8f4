-- Marks of a layer's days as they should be (network_mark, network_clock) against those that stand: the difference is
-- written, in order of (series_id, time) because loads may run at the same time, and its days become touched.
WITH series AS MATERIALIZED (
    SELECT id, feature_key FROM core.series WHERE layer_id = :layer
), wanted AS (
    SELECT series_id, time, bit_or(flag) AS flag FROM (
        SELECT series_id, time, flag FROM network_mark
        UNION ALL
        SELECT o.series_id, o.time, CAST(:clock AS smallint)
        FROM network_clock c
        JOIN series s ON s.feature_key = c.feature_key
        JOIN core.observation o ON o.series_id = s.id
            AND o.time > CAST(c.day AS timestamp) AT TIME ZONE :zone
            AND o.time <= CAST(c.day + 1 AS timestamp) AT TIME ZONE :zone
        WHERE o.status = 0 AND o.flag & :refused = 0 AND o.value IS NOT NULL
            AND o.time > CAST(:first AS timestamp) AT TIME ZONE :zone
            AND o.time <= CAST(:end AS timestamp) AT TIME ZONE :zone
    ) AS each GROUP BY series_id, time
), standing AS (
    SELECT o.series_id, o.time, o.flag & :network AS flag
    FROM core.observation o JOIN series s ON s.id = o.series_id
    WHERE o.flag & :network <> 0
        AND o.time > CAST(:first AS timestamp) AT TIME ZONE :zone
        AND o.time <= CAST(:end AS timestamp) AT TIME ZONE :zone
), difference AS MATERIALIZED (
    SELECT coalesce(w.series_id, s.series_id) AS series_id, coalesce(w.time, s.time) AS time, coalesce(w.flag, 0) AS flag
    FROM wanted w FULL JOIN standing s ON s.series_id = w.series_id AND s.time = w.time
    WHERE w.flag IS DISTINCT FROM s.flag
), locked AS MATERIALIZED (
    SELECT o.series_id, o.time, d.flag
    FROM core.observation o JOIN difference d ON d.series_id = o.series_id AND d.time = o.time
    ORDER BY o.series_id, o.time FOR UPDATE OF o
), written AS (
    UPDATE core.observation o SET flag = CAST(o.flag & ~:network | l.flag AS smallint)
    FROM locked l WHERE l.series_id = o.series_id AND l.time = o.time
    RETURNING o.series_id, o.time
), days AS (
    INSERT INTO touched (series_id, day)
    SELECT DISTINCT series_id, CAST((time - interval '1 microsecond') AT TIME ZONE :zone AS date) FROM written
    ON CONFLICT DO NOTHING
)
SELECT count(*) FROM written
