-- Targets of each series' newest forecast that was made from fresh input.
SELECT issue.series_id, issue.issued_at, issue.input_until, issue.model, issue.skill_persistence,
       value.target, value.q10, value.q50, value.q90, value.q975
FROM unnest(CAST(:series_ids AS integer[])) AS wanted (series_id)
CROSS JOIN LATERAL (
    SELECT * FROM derived.forecast_issue i
    WHERE i.series_id = wanted.series_id AND i.issued_at <= :as_of
    ORDER BY i.issued_at DESC LIMIT 1
) AS issue
JOIN derived.forecast_value value ON value.issue_id = issue.id
WHERE issue.model IS NOT NULL AND issue.input_until >= :oldest AND value.target > :first AND value.target <= :last
ORDER BY issue.series_id, value.target
