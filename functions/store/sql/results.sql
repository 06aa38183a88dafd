-- name: delete_older
WITH over AS (
  SELECT job_id FROM result
  WHERE app_id = %(app_id)s AND created_at <= %(before)s
    AND NOT EXISTS (SELECT FROM artifact
                    WHERE artifact.job_id = result.job_id AND artifact.expires_at > %(now)s)
  ORDER BY created_at
  LIMIT %(limit)s
  FOR UPDATE SKIP LOCKED
), deleted AS (
  DELETE FROM result USING over WHERE result.job_id = over.job_id
  RETURNING result.job_id, tenant_id, app_id
)
INSERT INTO job_event (job_id, seq, tenant_id, app_id, event, at)
SELECT job_id, (SELECT coalesce(max(seq), 0) + 1 FROM job_event WHERE job_id = deleted.job_id),
       tenant_id, app_id, 'result_expired', %(now)s
FROM deleted
