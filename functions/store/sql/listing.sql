-- name: page
SELECT page.*, result.job_id IS NOT NULL AS has_result,
       (SELECT progress FROM long_run
        WHERE long_run.job_id = page.id AND page.status = 'running') AS progress
FROM (
  SELECT id, tenant_id, app_id, definition, version, status, inputs_hash, attempts, last_error,
         correlation_id, created_at, started_at, ended_at, next_attempt_at, labels, priority
  FROM job
  WHERE tenant_id = %(tenant_id)s AND app_id = %(app_id)s
    AND (%(statuses)s::text[] IS NULL OR status = ANY (%(statuses)s::text[]))
    AND (%(definition)s::text IS NULL OR definition = %(definition)s::text)
    AND (%(version)s::text IS NULL OR version = %(version)s::text)
    AND (%(created_after)s::timestamptz IS NULL OR created_at > %(created_after)s::timestamptz)
    AND (%(created_before)s::timestamptz IS NULL OR created_at < %(created_before)s::timestamptz)
    AND (%(labels)s::jsonb IS NULL OR labels @> %(labels)s::jsonb)
    AND (%(last_at)s::timestamptz IS NULL
         OR (created_at, id) < (%(last_at)s::timestamptz, %(last_id)s::uuid))
  ORDER BY created_at DESC, id DESC
  LIMIT %(limit)s
) AS page
LEFT JOIN result ON result.job_id = page.id
ORDER BY page.created_at DESC, page.id DESC

-- name: events
SELECT seq, event, at, detail
FROM job_event
WHERE job_id = %(id)s AND seq > %(since)s
ORDER BY seq
LIMIT 1000
