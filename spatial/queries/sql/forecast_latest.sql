-- Newest issue of each series with its values; a series without forecast gives one row with its reason.
SELECT issue.series_id, issue.issued_at, issue.input_until, issue.model, issue.reason, issue.skill_persistence,
       issue.skill_climatology, issue.skill_seasonal, value.target, value.q025, value.q10, value.q50, value.q90, value.q975
FROM unnest(CAST(:series_ids AS integer[])) AS wanted (series_id)
CROSS JOIN LATERAL (
    SELECT * FROM derived.forecast_issue
    WHERE forecast_issue.series_id = wanted.series_id
    ORDER BY issued_at DESC LIMIT 1
) AS issue
LEFT JOIN derived.forecast_value AS value ON value.issue_id = issue.id
    AND (CAST(:first AS timestamptz) IS NULL OR value.target >= :first)
    AND (CAST(:last AS timestamptz) IS NULL OR value.target <= :last)
ORDER BY issue.series_id, value.target
