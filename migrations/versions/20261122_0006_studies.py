"""Studies: their points, and files that belong to a study instead of a job."""

from alembic import op

revision = "0006"
down_revision = "0005"

TABLES = """
CREATE TABLE study (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  app_id text NOT NULL,
  definition text NOT NULL,
  version text NOT NULL,
  status text NOT NULL DEFAULT 'running'
    CHECK (status IN ('running', 'completed', 'stopped', 'cancelled')),
  base_json jsonb NOT NULL,
  space_json jsonb NOT NULL,
  paths text[] NOT NULL CHECK (cardinality(paths) > 0),
  objectives jsonb NOT NULL,
  stop_json jsonb NOT NULL,
  concurrency integer NOT NULL CHECK (concurrency > 0),
  may_reuse boolean NOT NULL DEFAULT true,
  points integer NOT NULL CHECK (points > 0),
  estimate_seat_s double precision,
  labels jsonb NOT NULL DEFAULT '{}',
  correlation_id text NOT NULL,
  traceparent text NOT NULL,
  stop_reason text CHECK (stop_reason IN ('count', 'objective', 'time')),
  created_at timestamptz NOT NULL,
  round_started_at timestamptz NOT NULL,
  moved_at timestamptz NOT NULL,
  watched_at timestamptz,
  cancel_requested_at timestamptz,
  ended_at timestamptz,
  CHECK ((status = 'running') = (ended_at IS NULL))
);
CREATE INDEX study_of_tenant ON study (tenant_id, app_id, created_at DESC, id DESC);
CREATE INDEX study_running ON study (app_id, tenant_id) WHERE status = 'running';

CREATE TABLE study_point (
  study_id uuid NOT NULL REFERENCES study ON DELETE CASCADE,
  point integer NOT NULL CHECK (point > 0),
  tenant_id uuid NOT NULL,
  app_id text NOT NULL,
  status text NOT NULL DEFAULT 'pending' CHECK (
    status IN ('pending', 'submitted', 'succeeded', 'failed', 'cancelled', 'skipped')),
  parameters jsonb NOT NULL,
  job_id uuid REFERENCES job ON DELETE SET NULL,
  is_reused boolean NOT NULL DEFAULT false,
  objectives double precision[],
  error jsonb,
  PRIMARY KEY (study_id, point)
);
CREATE INDEX study_point_status ON study_point (study_id, status, point);
CREATE INDEX study_point_job ON study_point (job_id) WHERE job_id IS NOT NULL;

ALTER TABLE artifact ALTER job_id DROP NOT NULL;
ALTER TABLE artifact ADD study_id uuid REFERENCES study ON DELETE CASCADE;
ALTER TABLE artifact ADD CONSTRAINT artifact_of_one CHECK (num_nonnulls(job_id, study_id) = 1);
CREATE UNIQUE INDEX artifact_of_study ON artifact (study_id, file_name) WHERE study_id IS NOT NULL;
"""

TENANT_TABLES = ("study", "study_point")


def upgrade() -> None:
    """New tables, and a column that the code of revision 0005 leaves empty."""
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
        op.execute(f"GRANT SELECT ON {table} TO authenticated")


def downgrade() -> None:
    """Drop what was added; files of studies stay in the store until its life-cycle rule acts."""
    op.execute("DELETE FROM artifact WHERE study_id IS NOT NULL")
    op.execute("ALTER TABLE artifact DROP CONSTRAINT artifact_of_one, DROP study_id")
    op.execute("ALTER TABLE artifact ALTER job_id SET NOT NULL")
    for table in reversed(TENANT_TABLES):
        op.execute(f"DROP TABLE {table}")
