"""Long runs: solves that nobody waits for; and an index for results whose time is over."""

from alembic import op

revision = "0007"
down_revision = "0006"

# The row is written with every report of a solve: room in each page keeps updates on it.
TABLES = """
CREATE TABLE long_run (
  job_id uuid PRIMARY KEY REFERENCES job ON DELETE CASCADE,
  tenant_id uuid NOT NULL,
  app_id text NOT NULL,
  lease_token bigint NOT NULL,
  deadline_at timestamptz NOT NULL,
  solve_id text,
  sequence integer NOT NULL DEFAULT -1,
  progress jsonb,
  has_ended boolean NOT NULL DEFAULT false,
  problem jsonb
) WITH (fillfactor = 50);

CREATE INDEX result_age ON result (app_id, created_at);
"""


def upgrade() -> None:
    """A new table and an index: the code of revision 0006 keeps working."""
    op.execute(TABLES)
    op.execute("ALTER TABLE long_run ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE long_run FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY long_run_of_tenant ON long_run TO kuduso_runtime, authenticated "
        "USING (tenant_id = (SELECT kuduso.tenant_id()) "
        "AND app_id = ANY ((SELECT kuduso.app_ids())::text[]))"
    )
    op.execute(
        "CREATE POLICY long_run_of_platform ON long_run TO kuduso_runtime "
        "USING ((SELECT kuduso.is_platform()) "
        "AND app_id = ANY ((SELECT kuduso.app_ids())::text[]))"
    )
    op.execute("REVOKE ALL ON long_run FROM PUBLIC, anon, authenticated, kuduso_runtime")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON long_run TO kuduso_runtime")
    op.execute("GRANT SELECT ON long_run TO authenticated")


def downgrade() -> None:
    """Drop what was added."""
    op.execute("DROP INDEX result_age")
    op.execute("DROP TABLE long_run")
