-- name: spend
INSERT INTO rate_limit AS kept (tenant_id, app_id, lane, spent_until)
VALUES (%(tenant_id)s, %(app_id)s, %(lane)s, now() + %(cost)s)
ON CONFLICT (tenant_id, app_id, lane) DO UPDATE
SET spent_until = greatest(kept.spent_until, now()) + %(cost)s
WHERE kept.spent_until <= now() + %(bar)s
RETURNING extract(epoch FROM spent_until - now())::float8 AS debt_s

-- name: debt
SELECT extract(epoch FROM spent_until - now())::float8 AS debt_s
FROM rate_limit
WHERE tenant_id = %(tenant_id)s AND app_id = %(app_id)s AND lane = %(lane)s

-- name: forget
-- No index on the instant: each request would have to change it. The table has a row a tenant.
DELETE FROM rate_limit
WHERE (tenant_id, app_id, lane) IN (
  SELECT tenant_id, app_id, lane FROM rate_limit
  WHERE app_id = ANY (%(app_ids)s) AND spent_until <= now() - %(idle)s
  LIMIT %(limit)s
  FOR UPDATE SKIP LOCKED
)
