-- name: try_lock
SELECT pg_try_advisory_xact_lock(%(lock)s) AS is_locked

-- name: recall
SELECT fingerprint, status, headers, body
FROM idempotency_key
WHERE tenant_id = %(tenant_id)s AND app_id = %(app_id)s AND route = %(route)s AND key = %(key)s
  AND expires_at > %(now)s

-- name: remember
INSERT INTO idempotency_key (tenant_id, app_id, route, key, fingerprint, status, headers, body,
                             expires_at)
VALUES (%(tenant_id)s, %(app_id)s, %(route)s, %(key)s, %(fingerprint)s, %(status)s, %(headers)s,
        %(body)s, %(expires_at)s)
ON CONFLICT (tenant_id, app_id, route, key) DO UPDATE
SET fingerprint = excluded.fingerprint, status = excluded.status, headers = excluded.headers,
    body = excluded.body, expires_at = excluded.expires_at

-- name: forget
DELETE FROM idempotency_key
WHERE (tenant_id, app_id, route, key) IN (
  SELECT tenant_id, app_id, route, key FROM idempotency_key
  WHERE app_id = ANY (%(app_ids)s) AND expires_at <= %(now)s
  ORDER BY expires_at
  LIMIT %(limit)s
)
