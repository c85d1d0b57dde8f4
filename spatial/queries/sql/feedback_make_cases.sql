-- Cases of loaded reports; the exact position is the one before it was moved onto the grid.
INSERT INTO core.feedback_case (key, exact, text_unit_id, pin_check, first_due_at, first_due_met_at, original_due_at,
    assigned_at)
SELECT f.key, coalesce(exact.geom, f.geom), new.named, new.checked, new.first, f.answered_at, f.due_at,
    (SELECT min(event.happened_at) FROM layer.feedback_event event
     WHERE event.tracking_code = f.key AND event.state = 'assigned')
FROM unnest(CAST(:keys AS text[]), CAST(:firsts AS timestamptz[]), CAST(:named AS integer[]), CAST(:checks AS text[]))
    AS new (key, first, named, checked)
JOIN layer.feedback f USING (key) LEFT JOIN feedback_exact exact USING (key)
