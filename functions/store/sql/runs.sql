-- name: read_ring
SELECT status = 'queued' AND attempts < %(attempt)s AS is_due
FROM job WHERE id = %(id)s AND tenant_id = %(tenant_id)s
UNION ALL
SELECT false FROM erasure WHERE job_id = %(id)s AND tenant_id = %(tenant_id)s

-- name: beat
SELECT cancel_requested_at IS NOT NULL AS is_cancelled
FROM job WHERE id = %(id)s AND status = 'running' AND lease_token = %(lease_token)s

-- name: renew_lease
UPDATE job SET lease_expires_at = %(lease_expires_at)s
WHERE id = %(id)s AND status = 'running' AND lease_token = %(lease_token)s
  AND EXISTS (SELECT FROM seat WHERE job_id = %(id)s AND lease_token = %(lease_token)s)

-- name: succeed
WITH ended AS (
  UPDATE job
  SET status = 'succeeded', ended_at = %(now)s, lease_expires_at = NULL, last_error = NULL
  WHERE id = %(id)s AND status = 'running' AND lease_token = %(lease_token)s
  RETURNING id, tenant_id, app_id
)
INSERT INTO result
  (job_id, tenant_id, app_id, outputs_json, provenance_json, score, created_at)
SELECT id, tenant_id, app_id, %(outputs)s, %(provenance)s, %(score)s, %(now)s FROM ended

-- name: fail
UPDATE job
SET status = 'failed', ended_at = %(now)s, lease_expires_at = NULL, last_error = %(error)s
WHERE id = %(id)s AND status = 'running' AND lease_token = %(lease_token)s

-- name: requeue
UPDATE job
SET status = 'queued', lease_expires_at = NULL, next_attempt_at = %(due_at)s,
    attempts = %(attempts)s, last_error = %(error)s
WHERE id = %(id)s AND status = 'running' AND lease_token = %(lease_token)s
  AND cancel_requested_at IS NULL

-- name: cancel
UPDATE job
SET status = 'cancelled', ended_at = %(now)s, lease_expires_at = NULL
WHERE id = %(id)s AND status = 'running' AND lease_token = %(lease_token)s

-- name: cancel_queued
UPDATE job
SET status = 'cancelled', ended_at = %(now)s, next_attempt_at = NULL,
    cancel_requested_at = coalesce(cancel_requested_at, %(now)s)
WHERE id = %(id)s AND status = 'queued'

-- name: ask_to_cancel
UPDATE job SET cancel_requested_at = %(now)s
WHERE id = %(id)s AND status = 'running' AND cancel_requested_at IS NULL

-- name: expire_overdue
UPDATE job
SET status = 'expired', ended_at = %(now)s, next_attempt_at = NULL, last_error = %(error)s
WHERE status = 'queued' AND id IN (
  SELECT id FROM job
  WHERE status = 'queued' AND app_id = ANY (%(app_ids)s) AND expires_at <= %(now)s
  ORDER BY expires_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
RETURNING id, tenant_id, app_id

-- name: conclude
-- A statement of its own: its snapshot is younger than the lock of the job's row.
WITH released AS (
  DELETE FROM seat WHERE job_id = %(id)s AND lease_token = %(lease_token)s
)
INSERT INTO job_event (job_id, seq, tenant_id, app_id, event, at, detail)
SELECT %(id)s, coalesce(max(seq), 0) + 1, %(tenant_id)s, %(app_id)s, %(event)s, %(now)s, %(detail)s
FROM job_event WHERE job_id = %(id)s

-- name: note
INSERT INTO job_event (job_id, seq, tenant_id, app_id, event, at, detail)
SELECT %(id)s, coalesce(max(seq), 0) + 1, %(tenant_id)s, %(app_id)s, %(event)s, %(now)s, %(detail)s
FROM job_event WHERE job_id = %(id)s

-- name: expired_leases
SELECT id, tenant_id, app_id, definition, version, payload_json, attempts, lease_token,
       correlation_id, traceparent, created_at
FROM job
WHERE status = 'running' AND app_id = ANY (%(app_ids)s) AND lease_expires_at <= %(now)s
  -- A solve that goes on without a caller is its orchestration's until its deadline.
  AND NOT EXISTS (SELECT FROM long_run
                  WHERE long_run.job_id = job.id AND long_run.lease_token = job.lease_token
                    AND long_run.deadline_at > %(overdue_since)s)
ORDER BY lease_expires_at
LIMIT %(limit)s
