-- name: insert
INSERT INTO dead_letter (id, tenant_id, app_id, job_id, reason, fingerprint, error, message,
                         attempts, created_at)
VALUES (%(id)s, %(tenant_id)s, %(app_id)s, %(job_id)s, %(reason)s, %(fingerprint)s, %(error)s,
        %(message)s, %(attempts)s, %(created_at)s)
ON CONFLICT (id) DO NOTHING

-- name: list
SELECT id, tenant_id, app_id, job_id, reason, fingerprint, error, message, attempts, created_at,
       replayed_at, replayed_as
FROM dead_letter
WHERE app_id = %(app_id)s
  AND (%(reason)s::text IS NULL OR reason = %(reason)s)
  AND (%(fingerprint)s::text IS NULL OR fingerprint = %(fingerprint)s)
  AND (%(code)s::text IS NULL OR error ->> 'code' = %(code)s)
  AND (%(at)s::timestamptz IS NULL OR (created_at, id) < (%(at)s, %(id)s))
ORDER BY created_at DESC, id DESC
LIMIT %(limit)s

-- name: incidents
SELECT fingerprint, max(reason) AS reason, max(code) AS code, sum(letters)::bigint AS letters,
       sum(waiting)::bigint AS waiting, min(first_seen_at) AS first_seen_at,
       max(last_seen_at) AS last_seen_at
FROM dead_letter_incident
WHERE app_id = %(app_id)s
  AND (%(reason)s::text IS NULL OR reason = %(reason)s)
  AND (%(fingerprint)s::text IS NULL OR fingerprint = %(fingerprint)s)
  AND (%(code)s::text IS NULL OR code = %(code)s)
GROUP BY fingerprint
HAVING %(at)s::timestamptz IS NULL
  OR (max(last_seen_at), fingerprint) < (%(at)s, replace(%(id)s::text, '-', ''))
ORDER BY last_seen_at DESC, fingerprint DESC
LIMIT %(limit)s

-- name: get
SELECT id, tenant_id, app_id, job_id, reason, fingerprint, error, message, attempts, created_at,
       replayed_at, replayed_as
FROM dead_letter
WHERE id = %(id)s AND app_id = %(app_id)s

-- name: waiting
SELECT id, created_at
FROM dead_letter
WHERE app_id = %(app_id)s AND fingerprint = %(fingerprint)s AND replayed_at IS NULL
  AND (%(at)s::timestamptz IS NULL OR (created_at, id) > (%(at)s, %(id)s))
ORDER BY created_at, id
LIMIT %(limit)s

-- name: job
SELECT tenant_id, definition, version, payload_json, labels
FROM job
WHERE id = %(id)s AND app_id = %(app_id)s

-- name: lock_job
SELECT FROM job WHERE id = %(id)s FOR NO KEY UPDATE

-- name: mark_replayed
UPDATE dead_letter SET replayed_at = %(now)s, replayed_as = %(job_id)s
WHERE id = %(id)s AND replayed_at IS NULL

-- name: forget
DELETE FROM dead_letter
WHERE id IN (
  SELECT id FROM dead_letter
  WHERE app_id = ANY (%(app_ids)s)
    AND CASE WHEN replayed_at IS NULL THEN created_at ELSE replayed_at END <= %(before)s
  ORDER BY CASE WHEN replayed_at IS NULL THEN created_at ELSE replayed_at END
  LIMIT %(limit)s
  FOR UPDATE SKIP LOCKED
)
