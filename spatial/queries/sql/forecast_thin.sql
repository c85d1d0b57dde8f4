-- Of issues older than :dense_days one per series and local day is kept (the last), none older than :last_days; the
-- newest of a series stays however old it is, as the data of a network that ended do.
DELETE FROM derived.forecast_issue AS issue
USING (SELECT series_id, max(issued_at) AS issued_at FROM derived.forecast_issue GROUP BY series_id) AS newest
WHERE newest.series_id = issue.series_id AND issue.issued_at < newest.issued_at
  AND (issue.issued_at < now() - make_interval(days => :last_days)
    OR (issue.issued_at < now() - make_interval(days => :dense_days) AND EXISTS (
        SELECT FROM derived.forecast_issue AS later
        WHERE later.series_id = issue.series_id AND later.issued_at > issue.issued_at
          AND CAST(later.issued_at AT TIME ZONE 'Asia/Ho_Chi_Minh' AS date)
            = CAST(issue.issued_at AT TIME ZONE 'Asia/Ho_Chi_Minh' AS date))))
