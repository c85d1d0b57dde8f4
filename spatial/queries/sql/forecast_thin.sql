-- Of issues older than :dense_days one per series and local day is kept (the last), none older than :last_days.
DELETE FROM derived.forecast_issue AS issue
WHERE issue.issued_at < now() - make_interval(days => :last_days)
   OR (issue.issued_at < now() - make_interval(days => :dense_days) AND EXISTS (
        SELECT FROM derived.forecast_issue AS later
        WHERE later.series_id = issue.series_id AND later.issued_at > issue.issued_at
          AND CAST(later.issued_at AT TIME ZONE 'Asia/Ho_Chi_Minh' AS date)
            = CAST(issue.issued_at AT TIME ZONE 'Asia/Ho_Chi_Minh' AS date)))
