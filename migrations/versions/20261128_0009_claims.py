"""The claim of the next job as a function: the server keeps its plans."""

from alembic import op

revision = "0009"
down_revision = "0008"

# Row security makes these statements dear to plan: 3 to 6 ms a claim, more than all the rest of a
# job, while every other claim of the app waits. Sessions keep the plans of a function, and a pooler
# in transaction mode leaves them what it takes from named statements. Each step reads by a key or
# by the order of an index, so that one plan is right for every size of the tables.
CLAIM = """
CREATE FUNCTION kuduso.claim_next(
  of_app text, in_lane text, seats integer, max_attempts integer, weights jsonb,
  at_instant timestamptz, hold_until timestamptz, rung uuid, rung_attempt integer
) RETURNS TABLE (
  id uuid, tenant_id uuid, app_id text, definition text, version text, payload_json jsonb,
  attempts integer, lease_token bigint, correlation_id text, traceparent text,
  created_at timestamptz, waited_ms float8
) LANGUAGE plpgsql SECURITY INVOKER
SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  fairest record;
  claimed record;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('seats:' || of_app || ':' || in_lane, 0));
  -- A holder that renews meanwhile keeps its seat, one that comes later finds none.
  DELETE FROM seat WHERE app_id = of_app AND lane = in_lane AND expires_at <= at_instant;
  LOOP
    WITH RECURSIVE used AS (
      SELECT tenant_id, sum(weight) AS weight FROM seat
      WHERE app_id = of_app AND lane = in_lane GROUP BY tenant_id
    ), waiting_tenant AS (
      (SELECT tenant_id FROM job
       WHERE app_id = of_app AND status = 'queued' ORDER BY tenant_id LIMIT 1)
      UNION ALL
      SELECT (SELECT job.tenant_id FROM job
              WHERE app_id = of_app AND status = 'queued'
                AND job.tenant_id > waiting_tenant.tenant_id ORDER BY job.tenant_id LIMIT 1)
      FROM waiting_tenant WHERE waiting_tenant.tenant_id IS NOT NULL
    )
    SELECT oldest.id, oldest.due_at,
           coalesce((weights ->> oldest.contract)::integer, 1) AS weight,
           seats - (SELECT coalesce(sum(weight), 0) FROM used) AS free
    INTO fairest
    FROM waiting_tenant
    CROSS JOIN LATERAL (
      SELECT id, definition || '@' || version AS contract, priority, created_at,
             coalesce(next_attempt_at, created_at) AS due_at
      FROM job
      WHERE app_id = of_app AND tenant_id = waiting_tenant.tenant_id AND status = 'queued'
        AND attempts < max_attempts AND expires_at > at_instant
        AND (next_attempt_at IS NULL OR next_attempt_at <= at_instant
             OR (id = rung AND attempts + 1 = rung_attempt))
      ORDER BY priority DESC, created_at, id
      LIMIT 1
    ) AS oldest
    LEFT JOIN used ON used.tenant_id = waiting_tenant.tenant_id
    ORDER BY coalesce(used.weight, 0), oldest.priority DESC, oldest.created_at, oldest.id
    LIMIT 1;
    IF fairest.id IS NULL OR fairest.weight > fairest.free THEN
      RETURN;
    END IF;
    UPDATE job
    SET status = 'running', attempts = attempts + 1, lease_token = lease_token + 1,
        lease_expires_at = hold_until, next_attempt_at = NULL,
        started_at = coalesce(started_at, at_instant)
    WHERE id = fairest.id AND status = 'queued'
    RETURNING * INTO claimed;
    EXIT WHEN FOUND;  -- else it was cancelled a moment ago: on to the next
  END LOOP;
  INSERT INTO seat (job_id, tenant_id, app_id, lane, weight, lease_token, expires_at)
  VALUES (claimed.id, claimed.tenant_id, claimed.app_id, in_lane, fairest.weight,
          claimed.lease_token, hold_until);
  INSERT INTO job_event (job_id, seq, tenant_id, app_id, event, at, detail)
  SELECT claimed.id, coalesce(max(seq), 0) + 1, claimed.tenant_id, claimed.app_id, 'job_claimed',
         at_instant, jsonb_build_object('attempt', claimed.attempts)
  FROM job_event WHERE job_id = claimed.id;
  RETURN QUERY SELECT
    claimed.id, claimed.tenant_id, claimed.app_id, claimed.definition, claimed.version,
    claimed.payload_json, claimed.attempts, claimed.lease_token, claimed.correlation_id,
    claimed.traceparent, claimed.created_at,
    greatest(0, extract(epoch FROM at_instant - fairest.due_at) * 1000)::float8;
END $$;
"""


def upgrade() -> None:
    """The code of revision 0008 claims by a statement of its own, under the same lock."""
    op.execute(CLAIM)


def downgrade() -> None:
    """Drop what was added."""
    op.execute("DROP FUNCTION kuduso.claim_next")
