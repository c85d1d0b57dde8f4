-- Open cases past their deadline by commune of today and handling unit; a case whose clock stands still is not late.
SELECT u.id AS unit_id, f.handling_unit, count(*) AS n, count(*) FILTER (WHERE f.level = 'emergency') AS emergency,
       min(f.due_at) AS oldest_due, mode() WITHIN GROUP (ORDER BY f.category) AS category,
       (array_agg(f.tracking_code ORDER BY f.due_at))[1] AS code,
       bool_or(coalesce(h.kind = 'commune', f.handling_unit LIKE 'UBND %')) AS committee
FROM layer.feedback f
JOIN core.admin_unit u ON u.level = 'commune' AND u.code = f.commune_code AND u.valid_to IS NULL
LEFT JOIN core.feedback_case c ON c.key = f.key
LEFT JOIN core.handling_unit h ON h.name = f.handling_unit
WHERE f.state = ANY(:open) AND f.due_at < :now AND f.closed_at IS NULL AND c.paused_since IS NULL
GROUP BY u.id, f.handling_unit
