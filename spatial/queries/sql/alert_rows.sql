-- Alerts with rule and station, what needs somebody today first: new before taken before closed, going on before over,
-- grave before light, newest first.
SELECT a.id, a.subject, a.layer_id, a.feature_key, a.parameter, a.cause, a.severity, a.state, a.started_at, a.last_at,
       a.ended_at, a.opened_at, a.updated_at, a.value, a.peak, a.threshold, a.unit_ids, a.evidence,
       a.evidence ->> 'episode' AS episode,
       r.id AS rule_id, r.name AS rule_name, r.kind, r.title_vi AS rule_title_vi, r.title_en AS rule_title_en,
       station.name AS station_name, station.lon, station.lat, station.commune_code
FROM core.alert a
JOIN core.alert_rule r ON r.id = a.rule_id
LEFT JOIN ({stations}) AS station ON station.layer_id = a.layer_id AND station.key = a.feature_key
WHERE {condition}
ORDER BY array_position(ARRAY['new', 'acknowledged', 'closed'], a.state), a.ended_at IS NOT NULL,
         array_position(ARRAY['extreme', 'severe', 'moderate', 'minor'], a.severity), a.opened_at DESC, a.id DESC
LIMIT :limit
