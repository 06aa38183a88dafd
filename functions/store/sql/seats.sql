-- name: lock
SELECT pg_advisory_xact_lock(hashtextextended('seats:' || %(app_id)s || ':' || %(lane)s, 0))

-- name: claim_next
WITH RECURSIVE reaped AS (
  -- A holder that renews meanwhile keeps its seat, one that comes later finds none.
  DELETE FROM seat
  WHERE app_id = %(app_id)s AND lane = %(lane)s AND expires_at <= %(now)s
  RETURNING job_id
), used AS (
  SELECT tenant_id, sum(weight) AS weight
  FROM seat
  WHERE app_id = %(app_id)s AND lane = %(lane)s AND job_id NOT IN (SELECT job_id FROM reaped)
  GROUP BY tenant_id
), waiting_tenant AS (
  (SELECT tenant_id FROM job
   WHERE app_id = %(app_id)s AND status = 'queued' ORDER BY tenant_id LIMIT 1)
  UNION ALL
  SELECT (SELECT job.tenant_id FROM job
          WHERE app_id = %(app_id)s AND status = 'queued'
            AND job.tenant_id > waiting_tenant.tenant_id ORDER BY job.tenant_id LIMIT 1)
  FROM waiting_tenant WHERE waiting_tenant.tenant_id IS NOT NULL
), fairest AS (
  SELECT oldest.id, oldest.due_at,
         coalesce((%(weights)s::jsonb ->> oldest.contract)::integer, 1) AS weight
  FROM waiting_tenant
  CROSS JOIN LATERAL (
    SELECT id, definition || '@' || version AS contract, priority, created_at,
           coalesce(next_attempt_at, created_at) AS due_at
    FROM job
    WHERE app_id = %(app_id)s AND tenant_id = waiting_tenant.tenant_id AND status = 'queued'
      AND attempts < %(max_attempts)s AND expires_at > %(now)s
      AND (next_attempt_at IS NULL OR next_attempt_at <= %(now)s
           OR (id = %(rung)s AND attempts + 1 = %(rung_attempt)s))
    ORDER BY priority DESC, created_at, id
    LIMIT 1
  ) AS oldest
  LEFT JOIN used ON used.tenant_id = waiting_tenant.tenant_id
  ORDER BY coalesce(used.weight, 0), oldest.priority DESC, oldest.created_at, oldest.id
  LIMIT 1
), claimed AS (
  UPDATE job
  SET status = 'running', attempts = attempts + 1, lease_token = lease_token + 1,
      lease_expires_at = %(lease_expires_at)s, next_attempt_at = NULL,
      started_at = coalesce(started_at, %(now)s)
  FROM fairest
  WHERE job.id = fairest.id AND job.status = 'queued'
    AND fairest.weight <= %(seats)s - (SELECT coalesce(sum(weight), 0) FROM used)
  RETURNING job.id, tenant_id, app_id, definition, version, payload_json, attempts, lease_token,
            correlation_id, traceparent, job.created_at, fairest.weight,
            greatest(0, extract(epoch FROM %(now)s - fairest.due_at) * 1000)::float8 AS waited_ms
), taken AS (
  INSERT INTO seat (job_id, tenant_id, app_id, lane, weight, lease_token, expires_at)
  SELECT id, tenant_id, app_id, %(lane)s, weight, lease_token, %(lease_expires_at)s FROM claimed
), noted AS (
  -- Nobody else adds an event to a job that stays queued, so that the snapshot has them all.
  INSERT INTO job_event (job_id, seq, tenant_id, app_id, event, at, detail)
  SELECT id, (SELECT coalesce(max(seq), 0) + 1 FROM job_event WHERE job_id = claimed.id),
         tenant_id, app_id, 'job_claimed', %(now)s, jsonb_build_object('attempt', attempts)
  FROM claimed
)
SELECT * FROM claimed

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
