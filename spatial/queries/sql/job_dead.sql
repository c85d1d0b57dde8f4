-- A run takes its lock within a second of becoming «running»; the margin keeps a run that just began.
UPDATE ops.job_run r
SET state = 'interrupted', finished_at = now(), message = coalesce(r.message || ' · ', '') || 'the worker stopped'
WHERE r.state = 'running' AND r.started_at < now() - interval '10 seconds'
  AND NOT EXISTS (
      SELECT FROM pg_locks l
      WHERE l.locktype = 'advisory' AND l.classid = :class AND l.objid::bigint = r.id
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()))
