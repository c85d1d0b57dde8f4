-- Runs that brought the values of a station's series since a time, newest first, with how many hours each.
WITH brought AS (
    SELECT o.run_id, count(*)::int AS n, min(o.time) AS first, max(o.time) AS last
    FROM core.observation o
    WHERE o.series_id = ANY(:series_ids) AND o.time >= :since AND o.time <= :until
    GROUP BY o.run_id
)
SELECT brought.run_id, brought.n, brought.first, brought.last, run.source, run.sha256, run.agency, run.actor,
    run.state, run.rows_inserted, run.rows_updated, run.rows_rejected, run.values_flagged, run.finished_at
FROM brought LEFT JOIN ops.ingest_run run ON run.id = brought.run_id
ORDER BY brought.last DESC, brought.run_id DESC
LIMIT :limit
