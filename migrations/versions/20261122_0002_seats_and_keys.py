"""Seats, dead letters, idempotency keys, erasures, and the indexes of listing and claiming."""

from alembic import op

revision = "0002"
down_revision = "0001"

TABLES = """
CREATE TABLE seat (
  job_id uuid PRIMARY KEY REFERENCES job ON DELETE CASCADE,
  tenant_id uuid NOT NULL,
  app_id text NOT NULL,
  lane text NOT NULL CHECK (lane IN ('batch', 'preview')),
  weight integer NOT NULL CHECK (weight > 0),
  lease_token bigint NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX seat_of_app ON seat (app_id, lane);

CREATE TABLE dead_letter (
  id uuid PRIMARY KEY,
  tenant_id uuid,
  app_id text NOT NULL,
  job_id uuid,
  reason text NOT NULL,
  fingerprint text NOT NULL,
  error jsonb NOT NULL,
  message text,
  attempts integer NOT NULL,
  created_at timestamptz NOT NULL,
  replayed_at timestamptz,
  replayed_as uuid
);
CREATE INDEX dead_letter_of_app ON dead_letter (app_id, created_at DESC, id DESC);
CREATE INDEX dead_letter_fingerprint ON dead_letter (app_id, fingerprint, created_at DESC);

CREATE TABLE idempotency_key (
  tenant_id uuid NOT NULL,
  app_id text NOT NULL,
  route text NOT NULL,
  key text NOT NULL,
  fingerprint text NOT NULL,
  status integer NOT NULL,
  headers jsonb NOT NULL,
  body jsonb NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, app_id, route, key)
);
CREATE INDEX idempotency_key_expiry ON idempotency_key (app_id, expires_at);

CREATE TABLE erasure (
  job_id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  app_id text NOT NULL,
  definition text NOT NULL,
  version text NOT NULL,
  artifacts integer NOT NULL,
  erased_at timestamptz NOT NULL,
  correlation_id text NOT NULL
);

CREATE INDEX job_of_tenant ON job (tenant_id, app_id, created_at DESC, id DESC);
CREATE INDEX job_equal ON job (tenant_id, app_id, inputs_hash, created_at DESC)
  WHERE status IN ('queued', 'running', 'succeeded');
CREATE INDEX job_waiting ON job (app_id, tenant_id, priority DESC, created_at, id)
  WHERE status = 'queued';
CREATE INDEX job_overdue ON job (app_id, expires_at) WHERE status = 'queued';
CREATE INDEX job_timing ON job (app_id, definition, version, ended_at DESC)
  WHERE status = 'succeeded';
"""

TENANT_TABLES = ("seat", "dead_letter", "idempotency_key", "erasure")
INDEXES = ("job_of_tenant", "job_equal", "job_waiting", "job_overdue", "job_timing")


def upgrade() -> None:
    """New tables and indexes only: the code of revision 0001 keeps working."""
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
        op.execute(f"REVOKE ALL ON {table} FROM PUBLIC, anon, authenticated, kuduso_runtime")
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO kuduso_runtime")


def downgrade() -> None:
    """Drop what was added."""
    for index in INDEXES:
        op.execute(f"DROP INDEX {index}")
    for table in TENANT_TABLES:
        op.execute(f"DROP TABLE {table}")
