-- name: lock_equal
SELECT pg_advisory_xact_lock(key)
FROM unnest(%(keys)s::bigint[]) WITH ORDINALITY AS wanted (key, place)
ORDER BY place

-- name: find_equal
SELECT DISTINCT ON (equal.inputs_hash)
       id, equal.tenant_id, equal.app_id, definition, version, status, equal.inputs_hash, attempts,
       last_error, correlation_id, equal.created_at, started_at, ended_at, next_attempt_at, labels,
       priority, result.job_id IS NOT NULL AS has_result
FROM unnest(%(hashes)s::text[]) AS wanted (inputs_hash)
CROSS JOIN LATERAL (
  -- The newest few: a client that forbids reuse may have made thousands.
  SELECT * FROM job
  WHERE job.tenant_id = %(tenant_id)s AND job.app_id = %(app_id)s
    AND job.inputs_hash = wanted.inputs_hash AND status IN ('queued', 'running', 'succeeded')
  ORDER BY job.created_at DESC
  LIMIT 10
) AS equal
LEFT JOIN result ON result.job_id = equal.id
WHERE CASE
  WHEN status = 'succeeded' THEN
    ended_at > %(fresh_after)s AND result.job_id IS NOT NULL
    AND (SELECT count(*) FROM artifact
         WHERE artifact.job_id = equal.id AND artifact.expires_at > %(now)s)
        >= CASE WHEN jsonb_typeof(outputs_json -> 'artifacts') = 'array'
                THEN jsonb_array_length(outputs_json -> 'artifacts') ELSE 0 END
  ELSE cancel_requested_at IS NULL
    AND (status = 'running' OR equal.expires_at IS NULL OR equal.expires_at > %(now)s)
END
ORDER BY equal.inputs_hash, (status = 'succeeded') DESC, equal.created_at DESC
