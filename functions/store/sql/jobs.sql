-- name: insert
WITH submitted AS (
  INSERT INTO job (id, tenant_id, app_id, definition, version, status, inputs_hash, payload_json,
                   correlation_id, traceparent, labels, created_at, expires_at)
  VALUES (%(id)s, %(tenant_id)s, %(app_id)s, %(definition)s, %(version)s, 'queued',
          %(inputs_hash)s, %(inputs)s, %(correlation_id)s, %(traceparent)s, %(labels)s,
          %(created_at)s, %(expires_at)s)
), noted AS (
  INSERT INTO job_event (job_id, seq, tenant_id, app_id, event, at)
  VALUES (%(id)s, 1, %(tenant_id)s, %(app_id)s, 'job_submitted', %(created_at)s)
)
INSERT INTO outbox (job_id, attempt, tenant_id, app_id, message_json, due_at, created_at)
VALUES (%(id)s, 1, %(tenant_id)s, %(app_id)s, %(message)s, %(created_at)s, %(created_at)s)

-- name: get
SELECT id, tenant_id, app_id, definition, version, status, inputs_hash, attempts, last_error,
       correlation_id, created_at, started_at, ended_at, next_attempt_at, has_result, labels,
       priority,
       (SELECT progress FROM long_run
        WHERE long_run.job_id = job_with_result.id AND job_with_result.status = 'running'
          AND long_run.lease_token = job_with_result.lease_token) AS progress
FROM job_with_result
WHERE id = %(id)s AND app_id = ANY (%(app_ids)s)

-- name: get_outputs
SELECT outputs_json FROM result WHERE job_id = %(id)s

-- name: get_provenance
SELECT provenance_json FROM result WHERE job_id = %(id)s
