-- Mean of a year over its days with enough hours, and how many such days each quarter has.
SELECT s.feature_key AS key, s.parameter, avg(d.mean) AS mean, count(*) AS days,
    count(*) FILTER (WHERE extract(quarter FROM d.day) = 1) AS q1,
    count(*) FILTER (WHERE extract(quarter FROM d.day) = 2) AS q2,
    count(*) FILTER (WHERE extract(quarter FROM d.day) = 3) AS q3,
    count(*) FILTER (WHERE extract(quarter FROM d.day) = 4) AS q4
FROM core.series s
JOIN derived.observation_daily d ON d.series_id = s.id
WHERE s.layer_id = :layer AND s.parameter = ANY(CAST(:parameters AS text[]))
    AND (CAST(:key AS text) IS NULL OR s.feature_key = :key)
    AND d.day BETWEEN :first AND :last AND d.n_good >= :least AND d.mean IS NOT NULL
GROUP BY s.feature_key, s.parameter
ORDER BY s.feature_key, s.parameter
