SELECT a.id, a.feature_key AS key, a.parameter, a.cause, a.severity, a.state, a.started_at, a.last_at, a.ended_at,
    a.peak, a.threshold, r.title_vi, r.title_en, taken.actor AS taken_by, done.actor AS closed_by, done.note AS closed_note
FROM core.alert a
JOIN core.alert_rule r ON r.id = a.rule_id
LEFT JOIN LATERAL (
    SELECT e.actor FROM core.alert_event e WHERE e.alert_id = a.id AND e.action = 'acknowledged'
    ORDER BY e.at DESC LIMIT 1
) AS taken ON true
LEFT JOIN LATERAL (
    SELECT e.actor, e.note FROM core.alert_event e WHERE e.alert_id = a.id AND e.action = 'closed'
    ORDER BY e.at DESC LIMIT 1
) AS done ON true
WHERE a.layer_id = :layer AND a.feature_key = ANY(:keys)
  AND a.started_at <= :end AND coalesce(a.ended_at, a.last_at) > :start
ORDER BY a.started_at, a.id
