-- Stretches of a station's series that carry the same marks and the same verdict: one row each, newest first.
-- Good values, or no values, of up to six hours between do not end a stretch. A contradiction of PM2.5 and PM10 (:pair)
-- is not told where another mark says which of them is wrong.
WITH judged AS (
    SELECT o.series_id, s.parameter, o.time, o.value, review.id AS review_id,
        CASE WHEN o.flag & ~:pair <> 0 THEN o.flag & ~:pair ELSE o.flag END AS flag
    FROM core.series s
    JOIN core.observation o ON o.series_id = s.id
    LEFT JOIN LATERAL (
        SELECT r.id FROM core.observation_review r
        WHERE r.series_id = o.series_id AND r.revoked_at IS NULL AND o.time BETWEEN r.first AND r.last
        ORDER BY r.id DESC LIMIT 1
    ) AS review ON true
    WHERE s.layer_id = :layer AND s.feature_key = :key AND o.time BETWEEN :first AND :last
), begun AS (
    SELECT *, (
        (flag, review_id) IS DISTINCT FROM (lag(flag) OVER series, lag(review_id) OVER series)
        OR time > lag(time) OVER series + interval '7 hours'
    )::int AS begins
    FROM judged
    WHERE flag <> 0 OR review_id IS NOT NULL
    WINDOW series AS (PARTITION BY series_id ORDER BY time)
), numbered AS (
    SELECT *, sum(begins) OVER (PARTITION BY series_id ORDER BY time) AS episode FROM begun
)
SELECT e.series_id, e.parameter, e.flag, min(e.time) AS first, max(e.time) AS last, count(*)::int AS n,
    min(e.value) AS minimum, max(e.value) AS maximum,
    r.verdict, e.review_id, r.note, r.actor, r.created_at
FROM numbered e
LEFT JOIN core.observation_review r ON r.id = e.review_id
GROUP BY e.series_id, e.parameter, e.episode, e.flag, e.review_id, r.verdict, r.note, r.actor, r.created_at
ORDER BY last DESC, first DESC, e.parameter
