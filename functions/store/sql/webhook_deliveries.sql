-- name: claim_due
WITH due AS (
  SELECT waiting.id
  FROM webhook_endpoint AS endpoint
  CROSS JOIN LATERAL (
    SELECT id, next_attempt_at FROM webhook_delivery
    WHERE endpoint_id = endpoint.id AND status = 'pending' AND next_attempt_at <= %(now)s
    ORDER BY next_attempt_at
    LIMIT %(per_endpoint)s
  ) AS waiting
  WHERE endpoint.app_id = ANY (%(app_ids)s) AND endpoint.is_enabled
  ORDER BY waiting.next_attempt_at
  LIMIT %(limit)s
), held AS (
  SELECT id FROM webhook_delivery
  WHERE id IN (SELECT id FROM due) AND status = 'pending' AND next_attempt_at <= %(now)s
  FOR UPDATE SKIP LOCKED
)
UPDATE webhook_delivery AS delivery
SET attempts = attempts + 1, lease_token = lease_token + 1,
    next_attempt_at = %(lease_expires_at)s
FROM held, webhook_endpoint AS endpoint
WHERE delivery.id = held.id AND endpoint.id = delivery.endpoint_id
RETURNING delivery.id, delivery.tenant_id, delivery.app_id, delivery.job_id, endpoint_id,
          coalesce(body #>> '{data,correlation_id}', '') AS correlation_id,
          coalesce(callback_url, endpoint.url) AS url, callback_url IS NOT NULL AS is_callback,
          body, attempts, lease_token, endpoint.secret,
          CASE WHEN previous_secret_expires_at > %(now)s THEN previous_secret END AS previous_secret

-- name: record
UPDATE webhook_delivery
SET status = %(status)s, next_attempt_at = %(next_attempt_at)s, delivered_at = %(delivered_at)s,
    last_status_code = %(status_code)s, last_error = %(error)s
WHERE id = %(id)s AND status = 'pending' AND lease_token = %(lease_token)s

-- name: give_up
UPDATE webhook_delivery
SET status = 'failed', next_attempt_at = NULL, last_error = %(reason)s
WHERE endpoint_id = %(endpoint_id)s AND status = 'pending'

-- name: list
SELECT id, endpoint_id, job_id, callback_url, event_type, body, status, attempts, next_attempt_at,
       last_status_code, last_error, created_at, delivered_at
FROM webhook_delivery
WHERE endpoint_id = %(endpoint_id)s
  AND (%(before)s::uuid IS NULL OR (created_at, id) < (
    SELECT created_at, id FROM webhook_delivery
    WHERE id = %(before)s AND endpoint_id = %(endpoint_id)s))
ORDER BY created_at DESC, id DESC
LIMIT %(limit)s

-- name: get
SELECT delivery.id, endpoint_id, job_id, callback_url, event_type, body, status, attempts,
       next_attempt_at, last_status_code, last_error, delivery.created_at, delivered_at,
       endpoint.is_enabled
FROM webhook_delivery AS delivery JOIN webhook_endpoint AS endpoint ON endpoint.id = endpoint_id
WHERE delivery.id = %(id)s AND delivery.app_id = %(app_id)s

-- name: redeliver
UPDATE webhook_delivery
SET status = 'pending', attempts = 0, lease_token = lease_token + 1, next_attempt_at = %(now)s,
    delivered_at = NULL
WHERE id = %(id)s AND app_id = %(app_id)s AND status <> 'pending'

-- name: forget
DELETE FROM webhook_delivery
WHERE id IN (
  SELECT id FROM webhook_delivery
  WHERE status <> 'pending' AND app_id = ANY (%(app_ids)s) AND created_at <= %(before)s
  ORDER BY created_at LIMIT %(limit)s
)
