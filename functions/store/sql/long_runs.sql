-- name: read
SELECT job.status = 'running' AS is_running,
       job.status = 'succeeded' AND job.lease_token = %(lease_token)s AS has_result,
       job.lease_token, job.lease_expires_at,
       job.cancel_requested_at IS NOT NULL AS is_cancelled,
       long_run.solve_id, long_run.deadline_at, long_run.progress, long_run.has_ended,
       long_run.problem
FROM job
LEFT JOIN long_run ON long_run.job_id = job.id AND long_run.lease_token = job.lease_token
WHERE job.id = %(job_id)s

-- name: unled
SELECT job.id AS job_id, job.tenant_id, job.app_id, job.lease_token
FROM job
JOIN long_run ON long_run.job_id = job.id AND long_run.lease_token = job.lease_token
WHERE job.status = 'running' AND job.app_id = ANY (%(app_ids)s)
  AND job.lease_expires_at <= %(now)s
ORDER BY job.lease_expires_at
LIMIT %(limit)s

-- name: held_run
SELECT id, tenant_id, app_id, definition, version, payload_json, attempts, lease_token,
       correlation_id, traceparent, created_at
FROM job
WHERE id = %(job_id)s AND status = 'running' AND lease_token = %(lease_token)s

-- name: open
-- The row of an earlier attempt makes way; that of this attempt stays as it is.
INSERT INTO long_run (job_id, tenant_id, app_id, lease_token, deadline_at)
VALUES (%(job_id)s, %(tenant_id)s, %(app_id)s, %(lease_token)s, %(deadline_at)s)
ON CONFLICT (job_id) DO UPDATE
SET lease_token = excluded.lease_token, deadline_at = excluded.deadline_at, solve_id = NULL,
    sequence = -1, progress = NULL, has_ended = false, problem = NULL
WHERE long_run.lease_token < excluded.lease_token

-- name: accepted
UPDATE long_run SET solve_id = %(solve_id)s
WHERE job_id = %(job_id)s AND lease_token = %(lease_token)s AND NOT has_ended

-- name: report
UPDATE long_run
SET sequence = greatest(sequence, %(sequence)s),
    progress = CASE WHEN %(sequence)s > sequence
                    THEN coalesce(%(progress)s::jsonb, progress) ELSE progress END,
    solve_id = coalesce(solve_id, %(solve_id)s),
    has_ended = %(has_ended)s,
    problem = %(problem)s::jsonb
FROM job
WHERE job.id = long_run.job_id AND job.status = 'running'
  AND job.lease_token = long_run.lease_token
  AND long_run.job_id = %(job_id)s AND long_run.lease_token = %(lease_token)s
  AND NOT has_ended
RETURNING job.cancel_requested_at IS NOT NULL AS is_cancelled

-- name: forget
DELETE FROM long_run WHERE job_id = %(job_id)s AND lease_token = %(lease_token)s
