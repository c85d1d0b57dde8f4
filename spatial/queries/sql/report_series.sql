SELECT s.feature_key AS key, s.parameter,
    coalesce(sum(d.n), 0) AS received,
    coalesce(sum(d.n_good), 0) AS good,
    count(d.mean) FILTER (WHERE d.n_good >= :least_hours) AS full_days,
    sum(d.mean * d.n_good) / nullif(sum(d.n_good) FILTER (WHERE d.mean IS NOT NULL), 0) AS mean,
    max(d.mean) FILTER (WHERE d.n_good >= :least_hours) AS worst_day,
    min(d.minimum) AS lowest_hour,
    max(d.maximum) AS worst_hour
FROM core.series s
LEFT JOIN derived.observation_daily d ON d.series_id = s.id AND d.day BETWEEN :first AND :last
WHERE s.layer_id = :layer AND s.feature_key = ANY(:keys)
GROUP BY s.feature_key, s.parameter
ORDER BY s.feature_key, s.parameter
