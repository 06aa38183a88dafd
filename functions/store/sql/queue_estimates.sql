-- name: ahead
SELECT count(*) AS ahead
FROM (
  SELECT FROM job
  WHERE app_id = %(app_id)s AND tenant_id = %(tenant_id)s AND status = 'queued'
    AND (priority > %(priority)s
         OR (priority = %(priority)s AND (created_at, id) < (%(created_at)s, %(id)s)))
  LIMIT %(limit)s
) AS earlier

-- name: median_run
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM ended_at - started_at))
         AS median_s
FROM (
  SELECT started_at, ended_at FROM job
  WHERE app_id = %(app_id)s AND definition = %(definition)s AND version = %(version)s
    AND status = 'succeeded'
  ORDER BY ended_at DESC
  LIMIT 50
) AS latest

-- name: load
SELECT
  (SELECT count(*) FROM (
     SELECT FROM job
     WHERE app_id = %(app_id)s AND tenant_id = %(tenant_id)s AND status = 'queued'
     LIMIT %(limit)s) AS waiting) AS queued,
  (SELECT count(*) FROM job
   WHERE app_id = %(app_id)s AND tenant_id = %(tenant_id)s AND status = 'running') AS running
