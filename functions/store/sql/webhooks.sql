-- name: create
INSERT INTO webhook_endpoint (tenant_id, app_id, url, event_types, created_at)
SELECT %(tenant_id)s::uuid, %(app_id)s, %(url)s::text, %(event_types)s::text[],
       %(now)s::timestamptz
WHERE %(limit)s > (
  SELECT count(*) FROM webhook_endpoint WHERE tenant_id = %(tenant_id)s AND app_id = %(app_id)s
)
ON CONFLICT (tenant_id, app_id) WHERE url IS NULL DO NOTHING
RETURNING id, app_id, url, event_types, is_enabled, disabled_reason, created_at,
          previous_secret_expires_at, secret

-- name: list
SELECT id, app_id, url, event_types, is_enabled, disabled_reason, created_at,
       previous_secret_expires_at
FROM webhook_endpoint
WHERE app_id = %(app_id)s AND (%(id)s::uuid IS NULL OR id = %(id)s)
ORDER BY created_at, id

-- name: change
UPDATE webhook_endpoint
SET url = coalesce(%(url)s::text, url),
    event_types = coalesce(%(event_types)s::text[], event_types),
    is_enabled = coalesce(%(is_enabled)s::boolean, is_enabled),
    disabled_reason = CASE WHEN %(is_enabled)s::boolean THEN NULL ELSE disabled_reason END
WHERE id = %(id)s AND app_id = %(app_id)s AND (%(url)s::text IS NULL OR url IS NOT NULL)
RETURNING id, app_id, url, event_types, is_enabled, disabled_reason, created_at,
          previous_secret_expires_at

-- name: delete
DELETE FROM webhook_endpoint WHERE id = %(id)s AND app_id = %(app_id)s

-- name: rotate
UPDATE webhook_endpoint
SET previous_secret = secret, previous_secret_expires_at = %(expires_at)s,
    secret = kuduso.new_webhook_secret()
WHERE id = %(id)s AND app_id = %(app_id)s
RETURNING id, app_id, url, event_types, is_enabled, disabled_reason, created_at,
          previous_secret_expires_at, secret

-- name: disable
UPDATE webhook_endpoint SET is_enabled = false, disabled_reason = %(reason)s
WHERE id = %(id)s AND is_enabled

-- name: add_callback
WITH signer AS (
  INSERT INTO webhook_endpoint (tenant_id, app_id, event_types, created_at)
  VALUES (%(tenant_id)s, %(app_id)s, %(event_types)s, %(now)s)
  ON CONFLICT (tenant_id, app_id) WHERE url IS NULL DO NOTHING
)
INSERT INTO webhook_callback (job_id, url, tenant_id, app_id)
SELECT job.id, %(url)s, job.tenant_id, job.app_id
FROM (
  -- Whoever ends the job waits for this transaction, or is waited for.
  SELECT id, tenant_id, app_id FROM job
  WHERE id = %(job_id)s AND status IN ('queued', 'running') FOR SHARE
) AS job
ON CONFLICT (job_id, url) DO UPDATE SET url = excluded.url
