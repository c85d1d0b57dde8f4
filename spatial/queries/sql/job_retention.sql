DELETE FROM ops.job_run
WHERE finished_at < now() - make_interval(days => :days)
  AND id NOT IN (
      SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY job ORDER BY id DESC) AS age FROM ops.job_run) AS aged
      WHERE age <= :keep)
