-- Newest event of each alert, and the last move that a person made (not the system, not a mere note).
SELECT alert.id AS alert_id, newest.id AS last_event, move.actor, move.action, move.at
FROM unnest(CAST(:alerts AS bigint[])) AS alert (id)
LEFT JOIN LATERAL (
    SELECT event.id FROM core.alert_event event WHERE event.alert_id = alert.id ORDER BY event.id DESC LIMIT 1
) AS newest ON true
LEFT JOIN LATERAL (
    SELECT event.actor, event.action, event.at FROM core.alert_event event
    WHERE event.alert_id = alert.id AND event.action IN ('acknowledged', 'closed', 'reopened')
    ORDER BY event.id DESC LIMIT 1
) AS move ON true
