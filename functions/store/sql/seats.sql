-- name: lock
SELECT pg_advisory_xact_lock(hashtextextended('seats:' || %(app_id)s || ':' || %(lane)s, 0))

-- name: claim_next
-- Takes the lock itself. Its text is in migrations: sessions keep a function's plans (ADR 36).
SELECT * FROM kuduso.claim_next(
  %(app_id)s, %(lane)s, %(seats)s, %(max_attempts)s, %(weights)s, %(now)s, %(lease_expires_at)s,
  %(rung)s, %(rung_attempt)s)

-- name: renew
UPDATE seat SET expires_at = %(expires_at)s
WHERE job_id = %(id)s AND lease_token = %(lease_token)s

-- name: in_use
SELECT coalesce(sum(weight), 0)::integer AS in_use FROM seat
WHERE app_id = %(app_id)s AND lane = %(lane)s AND expires_at > %(now)s

-- name: waiting
SELECT id AS job_id, tenant_id, app_id, attempts + 1 AS attempt, correlation_id, traceparent
FROM job
WHERE app_id = %(app_id)s AND status = 'queued' AND expires_at > %(now)s
  AND created_at <= %(before)s AND (next_attempt_at IS NULL OR next_attempt_at <= %(before)s)
ORDER BY created_at
LIMIT (
  SELECT greatest(0, %(seats)s - coalesce(sum(weight), 0)) FROM seat
  WHERE app_id = %(app_id)s AND lane = %(lane)s AND expires_at > %(now)s
)
