"""Rates of submissions, and indexes that find dead letters by their code and job."""

from alembic import op

revision = "0003"
down_revision = "0002"

# Unlogged: a crash forgets a minute's rates, and a submission pays for no flush of its own.
# Room in each page keeps an update on the page of the row it replaces.
TABLES = """
CREATE UNLOGGED TABLE rate_limit (
  tenant_id uuid NOT NULL,
  app_id text NOT NULL,
  lane text NOT NULL CHECK (lane IN ('batch', 'preview')),
  spent_until timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, app_id, lane)
) WITH (fillfactor = 50);

CREATE INDEX dead_letter_code
  ON dead_letter (app_id, (error ->> 'code'), created_at DESC, id DESC);
CREATE INDEX dead_letter_of_job ON dead_letter (job_id) WHERE job_id IS NOT NULL;
"""


def upgrade() -> None:
    """A new table and indexes only: the code of revision 0002 keeps working."""
    op.execute(TABLES)
    op.execute("ALTER TABLE rate_limit ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE rate_limit FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY rate_limit_of_tenant ON rate_limit TO kuduso_runtime "
        "USING (tenant_id = (SELECT kuduso.tenant_id()) "
        "AND app_id = ANY ((SELECT kuduso.app_ids())::text[]))"
    )
    op.execute(
        "CREATE POLICY rate_limit_of_platform ON rate_limit TO kuduso_runtime "
        "USING ((SELECT kuduso.is_platform()) "
        "AND app_id = ANY ((SELECT kuduso.app_ids())::text[]))"
    )
    op.execute("REVOKE ALL ON rate_limit FROM PUBLIC, anon, authenticated, kuduso_runtime")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON rate_limit TO kuduso_runtime")


def downgrade() -> None:
    """Drop what was added."""
    op.execute("DROP INDEX dead_letter_code, dead_letter_of_job")
    op.execute("DROP TABLE rate_limit")
