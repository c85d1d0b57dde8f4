-- Cases that came by a file follow the file; those that citizens sent are the centre's own.
UPDATE core.feedback_case c SET original_due_at = f.due_at,
    first_due_met_at = coalesce(c.first_due_met_at, f.answered_at), updated_at = now()
FROM layer.feedback f
WHERE c.key = f.key AND f.run_id = :run_id AND c.secret_hash IS NULL AND f.state <> 'extended'
    AND (c.original_due_at, c.first_due_met_at) IS DISTINCT FROM (f.due_at, coalesce(c.first_due_met_at, f.answered_at))
