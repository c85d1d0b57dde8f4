-- Number of alerts by state, narrowed like the list of alerts.
SELECT a.state, count(*) AS n FROM core.alert a
WHERE (CAST(:unit_id AS integer) IS NULL OR a.unit_ids @> ARRAY[CAST(:unit_id AS integer)])
  AND (CAST(:cause AS text) IS NULL OR a.cause = :cause)
  AND (CAST(:severity AS text) IS NULL OR a.severity = :severity)
  AND (CAST(:layer_id AS text) IS NULL OR a.layer_id = :layer_id)
  AND (CAST(:key AS text) IS NULL OR a.feature_key = :key)
  AND (CAST(:since AS timestamptz) IS NULL OR a.ended_at IS NULL OR a.ended_at >= :since)
GROUP BY a.state
