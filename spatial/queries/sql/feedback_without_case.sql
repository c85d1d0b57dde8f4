-- Reports without a case behind them: those of a run, or all.
SELECT f.key, f.title, p.content, f.category, f.level, f.received_at, f.unit_ids
FROM layer.feedback f LEFT JOIN layer.feedback_private p USING (key)
WHERE (CAST(:run_id AS bigint) IS NULL OR f.run_id = :run_id)
    AND NOT EXISTS (SELECT FROM core.feedback_case c WHERE c.key = f.key)
ORDER BY f.key
