WITH finished AS (
  INSERT INTO job (id, tenant_id, app_id, definition, version, status, inputs_hash, payload_json,
                   attempts, correlation_id, lease_token, created_at, started_at, ended_at,
                   expires_at)
  SELECT gen_random_uuid(), %(tenant_id)s, %(app_id)s, 'sitefit', '1.1.0', 'succeeded',
         md5(number::text), '{"value": 1}', 1, 'bench', 1, at, at, at + interval '1 second',
         at + interval '1 day'
  FROM generate_series(1, %(count)s) AS number,
       LATERAL (SELECT %(before)s::timestamptz - number * interval '1 second') AS instant (at)
  RETURNING id, tenant_id, app_id, created_at
), noted AS (
  INSERT INTO job_event (job_id, seq, tenant_id, app_id, event, at)
  SELECT id, seq, tenant_id, app_id, event, created_at
  FROM finished, (VALUES (1, 'job_submitted'), (2, 'job_claimed'), (3, 'job_succeeded'))
    AS step (seq, event)
), rung AS (
  INSERT INTO outbox (job_id, attempt, tenant_id, app_id, message_json, due_at, created_at, sent_at)
  SELECT id, 1, tenant_id, app_id, '{}', created_at, created_at, created_at FROM finished
)
INSERT INTO result (job_id, tenant_id, app_id, outputs_json, created_at)
SELECT id, tenant_id, app_id, '{"result": 42}', created_at FROM finished
