-- name: begin
WITH held AS (
  SELECT id, status, lease_token FROM job
  WHERE id = %(id)s AND app_id = ANY (%(app_ids)s)
  FOR UPDATE
), withdrawn AS (
  UPDATE artifact SET expires_at = least(expires_at, %(now)s)
  FROM held
  WHERE artifact.job_id = held.id AND held.status <> 'running'
)
SELECT status, lease_token FROM held

-- name: finish
WITH erased AS (
  DELETE FROM job
  WHERE id = %(id)s AND status <> 'running' AND lease_token = %(lease_token)s
  RETURNING id, tenant_id, app_id, definition, version
)
INSERT INTO erasure (job_id, tenant_id, app_id, definition, version, artifacts, erased_at,
                     correlation_id)
SELECT id, tenant_id, app_id, definition, version, %(artifacts)s, %(now)s, %(correlation_id)s
FROM erased

-- name: forget_letters
DELETE FROM dead_letter WHERE app_id = %(app_id)s AND job_id = %(id)s

-- name: forget_keys
DELETE FROM idempotency_key
WHERE tenant_id = %(tenant_id)s AND app_id = %(app_id)s
  AND (body ->> 'job_id' = %(job_id)s
       OR jsonb_path_exists(body, '$.jobs[*].job.job_id ? (@ == $id)',
                            jsonb_build_object('id', %(job_id)s::text)))

-- name: is_erased
SELECT FROM erasure WHERE job_id = %(id)s AND app_id = ANY (%(app_ids)s)
