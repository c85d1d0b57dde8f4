-- Open alerts that still go on, or that nobody has taken yet, with the commune of the station and who took it.
SELECT a.id, a.subject, a.layer_id, a.feature_key, a.parameter, a.cause, a.severity, a.state, a.started_at, a.last_at,
       a.ended_at, a.opened_at, a.value, a.peak, a.threshold, a.unit_ids, a.evidence -> 'findings' -> 0 AS finding,
       a.evidence ->> 'episode' AS episode, r.kind, r.title_vi, r.title_en, deed.actor,
       coalesce(station.name, a.feature_key) AS station
FROM core.alert a
JOIN core.alert_rule r ON r.id = a.rule_id
LEFT JOIN ({stations}) station ON station.layer_id = a.layer_id AND station.key = a.feature_key
LEFT JOIN LATERAL (
    SELECT e.actor FROM core.alert_event e
    WHERE e.alert_id = a.id AND e.action IN ('acknowledged', 'reopened') ORDER BY e.at DESC, e.id DESC LIMIT 1
) deed ON a.state = 'acknowledged'
WHERE a.state IN ('new', 'acknowledged') AND (a.ended_at IS NULL OR a.state = 'new')
