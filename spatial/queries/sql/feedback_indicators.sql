-- Indicators of citizen feedback by unit and reporting month, from the months' roll-up.
INSERT INTO derived.indicator_computed (unit_id, code, period, state, value, n, until)
SELECT p.unit_id, item.code, p.period, CASE WHEN p.until < :now THEN 'official' ELSE 'estimate' END, item.value, item.n,
    p.until
FROM derived.feedback_period p JOIN core.admin_unit unit ON unit.id = p.unit_id,
    LATERAL (VALUES
        ('feedback_received', CAST(p.received AS double precision), p.received),
        ('feedback_on_time', 100.0 * p.on_time / nullif(p.processed, 0), p.processed),
        ('feedback_overdue', CAST(p.overdue AS double precision), p.received),
        ('feedback_satisfied', 100.0 * p.satisfied / nullif(p.rated, 0), p.rated),
        ('feedback_median_hours', p.median_hours, p.processed)
    ) AS item (code, value, n)
WHERE p.category = '' AND p.handling_unit = '' AND p.period = ANY(:periods) AND item.value IS NOT NULL
