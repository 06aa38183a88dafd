"""Jobs, results, artifacts, events and the outbox, isolated by tenant and app."""

from alembic import op

revision = "0001"
down_revision = None

ROLES = """
DO $$
DECLARE wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['anon', 'authenticated', 'service_role', 'kuduso_runtime'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT', wanted);
    END IF;
  END LOOP;
END $$;
"""

# The claims come from the transaction: the function app sets them from a token it has verified;
# behind Supabase's own API they are those of the caller's token.
CLAIMS = """
CREATE SCHEMA kuduso;
CREATE FUNCTION kuduso.claims() RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT coalesce(nullif(current_setting('request.jwt.claims', true), ''), '{}')::jsonb
$$;
CREATE FUNCTION kuduso.tenant_id() RETURNS uuid LANGUAGE sql STABLE AS $$
  SELECT coalesce(kuduso.claims() ->> 'tenant_id',
                  kuduso.claims() -> 'app_metadata' ->> 'tenant_id')::uuid
$$;
CREATE FUNCTION kuduso.app_ids() RETURNS text[] LANGUAGE sql STABLE AS $$
  SELECT coalesce(array_agg(app), '{}') FROM jsonb_array_elements_text(
    coalesce(kuduso.claims() -> 'apps', kuduso.claims() -> 'app_metadata' -> 'apps', '[]')) AS app
$$;
CREATE FUNCTION kuduso.is_platform() RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce(kuduso.claims() ->> 'kuduso_role' = 'platform', false)
$$;
GRANT USAGE ON SCHEMA kuduso TO kuduso_runtime, authenticated;
"""

TABLES = """
CREATE TABLE job (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  app_id text NOT NULL,
  definition text NOT NULL,
  version text NOT NULL,
  status text NOT NULL
    CHECK (status IN ('queued', 'running', 'succeeded', 'failed', 'cancelled', 'expired')),
  inputs_hash text NOT NULL,
  payload_json jsonb NOT NULL,
  attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  priority smallint NOT NULL DEFAULT 0,
  last_error jsonb,
  correlation_id text NOT NULL,
  traceparent text,
  labels jsonb NOT NULL DEFAULT '{}',
  lease_token bigint NOT NULL DEFAULT 0,
  lease_expires_at timestamptz,
  next_attempt_at timestamptz,
  cancel_requested_at timestamptz,
  created_at timestamptz NOT NULL,
  started_at timestamptz,
  ended_at timestamptz,
  expires_at timestamptz,
  CHECK ((status = 'running') = (lease_expires_at IS NOT NULL)),
  CHECK ((status IN ('queued', 'running')) = (ended_at IS NULL))
);
CREATE INDEX job_expired_lease ON job (app_id, lease_expires_at) WHERE status = 'running';

CREATE TABLE result (
  job_id uuid PRIMARY KEY REFERENCES job ON DELETE CASCADE,
  tenant_id uuid NOT NULL,
  app_id text NOT NULL,
  outputs_json jsonb NOT NULL,
  score double precision,
  created_at timestamptz NOT NULL
);

CREATE TABLE artifact (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  job_id uuid NOT NULL REFERENCES job ON DELETE CASCADE,
  tenant_id uuid NOT NULL,
  app_id text NOT NULL,
  kind text NOT NULL,
  file_name text NOT NULL,
  media_type text NOT NULL,
  blob_path text NOT NULL UNIQUE,
  size_bytes bigint NOT NULL CHECK (size_bytes >= 0),
  digest text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  UNIQUE (job_id, file_name)
);
CREATE INDEX artifact_expiry ON artifact (app_id, expires_at);

CREATE TABLE job_event (
  job_id uuid NOT NULL REFERENCES job ON DELETE CASCADE,
  seq integer NOT NULL,
  tenant_id uuid NOT NULL,
  app_id text NOT NULL,
  event text NOT NULL,
  at timestamptz NOT NULL,
  detail jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (job_id, seq)
);

CREATE TABLE outbox (
  job_id uuid NOT NULL REFERENCES job ON DELETE CASCADE,
  attempt integer NOT NULL,
  tenant_id uuid NOT NULL,
  app_id text NOT NULL,
  message_json jsonb NOT NULL,
  due_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  sent_at timestamptz,
  PRIMARY KEY (job_id, attempt)
);
CREATE INDEX outbox_unsent ON outbox (app_id, created_at) WHERE sent_at IS NULL;
CREATE INDEX outbox_sent ON outbox (app_id, sent_at) WHERE sent_at IS NOT NULL;

CREATE VIEW job_with_result WITH (security_invoker = true) AS
  SELECT job.*, result.job_id IS NOT NULL AS has_result, result.outputs_json, result.score
  FROM job LEFT JOIN result ON result.job_id = job.id;
"""

TENANT_TABLES = ("job", "result", "artifact", "job_event", "outbox")
# `authenticated` is a tenant's own client (Supabase): it may read its rows, never the outbox.
READABLE = ("job", "result", "artifact", "job_event", "job_with_result")


def upgrade() -> None:
    """Create everything; row-level security is enabled and forced on each tenant table."""
    op.execute(ROLES)
    op.execute(CLAIMS)
    op.execute(TABLES)
    for table in TENANT_TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY {table}_of_tenant ON {table} TO kuduso_runtime, authenticated "
            "USING (tenant_id = (SELECT kuduso.tenant_id()) "
            "AND app_id = ANY ((SELECT kuduso.app_ids())::text[]))"
        )
        op.execute(
            f"CREATE POLICY {table}_of_platform ON {table} TO kuduso_runtime "
            "USING ((SELECT kuduso.is_platform()) "
            "AND app_id = ANY ((SELECT kuduso.app_ids())::text[]))"
        )
    for relation in (*TENANT_TABLES, "job_with_result"):
        op.execute(f"REVOKE ALL ON {relation} FROM PUBLIC, anon, authenticated, kuduso_runtime")
    for table in TENANT_TABLES:
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO kuduso_runtime")
    for readable in READABLE:
        op.execute(f"GRANT SELECT ON {readable} TO authenticated, kuduso_runtime")


def downgrade() -> None:
    """Drop everything but the roles, which other databases of the server may use."""
    op.execute("DROP VIEW job_with_result")
    for table in reversed(TENANT_TABLES):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP SCHEMA kuduso CASCADE")
