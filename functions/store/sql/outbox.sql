-- name: add
INSERT INTO outbox (job_id, attempt, tenant_id, app_id, message_json, due_at, created_at)
VALUES (%(job_id)s, %(attempt)s, %(tenant_id)s, %(app_id)s, %(message)s, %(due_at)s, %(now)s)
ON CONFLICT (job_id, attempt) DO UPDATE
SET message_json = excluded.message_json, due_at = excluded.due_at,
    created_at = excluded.created_at, sent_at = NULL

-- name: mark_sent
UPDATE outbox SET sent_at = sent.at
FROM unnest(%(job_ids)s::uuid[], %(attempts)s::integer[], %(instants)s::timestamptz[])
  AS sent (job_id, attempt, at)
WHERE outbox.job_id = sent.job_id AND outbox.attempt = sent.attempt

-- name: unsent
SELECT message_json, due_at
FROM outbox
WHERE sent_at IS NULL AND app_id = ANY (%(app_ids)s) AND created_at <= %(before)s
ORDER BY created_at
LIMIT %(limit)s

-- name: forget_sent
DELETE FROM outbox
WHERE sent_at <= %(before)s AND app_id = ANY (%(app_ids)s)
