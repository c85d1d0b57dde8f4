UPDATE ops.job_run SET state = 'running', worker = :worker, started_at = now()
WHERE id = (
    SELECT r.id FROM ops.job_run r
    WHERE r.state = 'queued' AND r.job = ANY(:jobs)
      AND NOT EXISTS (SELECT FROM ops.job_run busy WHERE busy.job = r.job AND busy.state = 'running')
    ORDER BY r.requested_at, r.id
    FOR UPDATE SKIP LOCKED LIMIT 1
)
RETURNING id, job
