"""Webhooks: endpoints, callbacks of single jobs, and deliveries written where a job ends."""

from alembic import op

revision = "0004"
down_revision = "0003"

# An endpoint without a URL signs the callbacks that single jobs of its tenant and app name.
# 32 bytes with 244 bits of the server's strong randomness, in the form of Standard Webhooks.
TABLES = """
CREATE FUNCTION kuduso.new_webhook_secret() RETURNS text LANGUAGE sql VOLATILE AS $$
  SELECT 'whsec_' || encode(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()), 'base64')
$$;

CREATE TABLE webhook_endpoint (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  tenant_id uuid NOT NULL,
  app_id text NOT NULL,
  url text,
  event_types text[] NOT NULL CHECK (cardinality(event_types) > 0),
  secret text NOT NULL DEFAULT kuduso.new_webhook_secret(),
  previous_secret text,
  previous_secret_expires_at timestamptz,
  is_enabled boolean NOT NULL DEFAULT true,
  disabled_reason text,
  created_at timestamptz NOT NULL,
  CHECK ((previous_secret IS NULL) = (previous_secret_expires_at IS NULL)),
  CHECK (NOT (is_enabled AND disabled_reason IS NOT NULL))
);
CREATE INDEX webhook_endpoint_of_tenant ON webhook_endpoint (tenant_id, app_id, created_at);
CREATE INDEX webhook_endpoint_of_app ON webhook_endpoint (app_id) WHERE is_enabled;
CREATE UNIQUE INDEX webhook_endpoint_of_callbacks ON webhook_endpoint (tenant_id, app_id)
  WHERE url IS NULL;

CREATE TABLE webhook_callback (
  job_id uuid NOT NULL REFERENCES job ON DELETE CASCADE,
  url text NOT NULL,
  tenant_id uuid NOT NULL,
  app_id text NOT NULL,
  PRIMARY KEY (job_id, url)
);

CREATE TABLE webhook_delivery (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  app_id text NOT NULL,
  job_id uuid NOT NULL REFERENCES job ON DELETE CASCADE,
  endpoint_id uuid NOT NULL REFERENCES webhook_endpoint ON DELETE CASCADE,
  callback_url text,
  event_type text NOT NULL,
  body jsonb NOT NULL,
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'delivered', 'failed')),
  attempts integer NOT NULL DEFAULT 0,
  lease_token bigint NOT NULL DEFAULT 0,
  next_attempt_at timestamptz,
  last_status_code integer,
  last_error text,
  created_at timestamptz NOT NULL,
  delivered_at timestamptz,
  CHECK ((status = 'pending') = (next_attempt_at IS NOT NULL)),
  CHECK ((status = 'delivered') = (delivered_at IS NOT NULL))
);
CREATE INDEX webhook_delivery_due ON webhook_delivery (endpoint_id, next_attempt_at)
  WHERE status = 'pending';
CREATE INDEX webhook_delivery_log ON webhook_delivery (endpoint_id, created_at DESC, id DESC);
CREATE INDEX webhook_delivery_of_job ON webhook_delivery (job_id);
CREATE INDEX webhook_delivery_ended ON webhook_delivery (app_id, created_at)
  WHERE status <> 'pending';
"""

# Runs with the rights of whoever ends the job, so row-level security holds here too; a timer sees
# every tenant's endpoints, hence the comparison with the event's own tenant and app.
TRIGGER = """
CREATE FUNCTION kuduso.queue_webhooks() RETURNS trigger LANGUAGE plpgsql SECURITY INVOKER
SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO webhook_delivery (id, tenant_id, app_id, job_id, endpoint_id, callback_url,
                                event_type, body, next_attempt_at, created_at)
  SELECT target.id, NEW.tenant_id, NEW.app_id, NEW.job_id, target.endpoint_id,
         target.callback_url, target.event_type,
         jsonb_build_object(
           'specversion', '1.0',
           'id', target.id,
           'source', '/apps/' || NEW.app_id,
           'type', target.event_type,
           'subject', NEW.job_id,
           'time', to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           'datacontenttype', 'application/json',
           'data', jsonb_build_object(
             'job_id', NEW.job_id, 'app_id', NEW.app_id, 'definition', job.definition,
             'version', job.version, 'status', job.status, 'attempts', job.attempts,
             'labels', job.labels, 'error_code', job.last_error -> 'code',
             'correlation_id', job.correlation_id,
             'links', jsonb_build_object(
               'self', '/' || NEW.app_id || '/jobs/' || NEW.job_id,
               'result', '/' || NEW.app_id || '/jobs/' || NEW.job_id || '/result'))
         ) || CASE WHEN job.traceparent IS NULL THEN '{}'
                   ELSE jsonb_build_object('traceparent', job.traceparent) END,
         NEW.at, NEW.at
  FROM (
    SELECT gen_random_uuid() AS id, endpoint.id AS endpoint_id, NULL AS callback_url,
           endpoint.event_types, replace(NEW.event, '_', '.') AS event_type
    FROM webhook_endpoint AS endpoint
    WHERE endpoint.tenant_id = NEW.tenant_id AND endpoint.app_id = NEW.app_id
      AND endpoint.is_enabled AND endpoint.url IS NOT NULL
    UNION ALL
    SELECT gen_random_uuid(), endpoint.id, callback.url, endpoint.event_types,
           replace(NEW.event, '_', '.')
    FROM webhook_callback AS callback
    JOIN webhook_endpoint AS endpoint
      ON endpoint.tenant_id = NEW.tenant_id AND endpoint.app_id = NEW.app_id
      AND endpoint.is_enabled AND endpoint.url IS NULL
    WHERE callback.job_id = NEW.job_id AND callback.tenant_id = NEW.tenant_id
      AND callback.app_id = NEW.app_id
  ) AS target
  JOIN job ON job.id = NEW.job_id
  WHERE target.event_type = ANY (target.event_types);
  RETURN NULL;
END $$;

CREATE TRIGGER job_event_queues_webhooks AFTER INSERT ON job_event
FOR EACH ROW
WHEN (NEW.event IN ('job_succeeded', 'job_failed', 'job_cancelled', 'job_expired'))
EXECUTE FUNCTION kuduso.queue_webhooks();
"""

TENANT_TABLES = ("webhook_endpoint", "webhook_callback", "webhook_delivery")


def upgrade() -> None:
    """New tables and a trigger that finds them empty: the code of revision 0003 keeps working."""
    op.execute(TABLES)
    for table in TENANT_TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY {table}_of_tenant ON {table} TO kuduso_runtime "
            "USING (tenant_id = (SELECT kuduso.tenant_id()) "
            "AND app_id = ANY ((SELECT kuduso.app_ids())::text[]))"
        )
        op.execute(
            f"CREATE POLICY {table}_of_platform ON {table} TO kuduso_runtime "
            "USING ((SELECT kuduso.is_platform()) "
            "AND app_id = ANY ((SELECT kuduso.app_ids())::text[]))"
        )
        op.execute(f"REVOKE ALL ON {table} FROM PUBLIC, anon, authenticated, kuduso_runtime")
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO kuduso_runtime")
    op.execute(TRIGGER)


def downgrade() -> None:
    """Drop what was added."""
    op.execute("DROP TRIGGER job_event_queues_webhooks ON job_event")
    op.execute("DROP FUNCTION kuduso.queue_webhooks()")
    for table in reversed(TENANT_TABLES):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION kuduso.new_webhook_secret()")
