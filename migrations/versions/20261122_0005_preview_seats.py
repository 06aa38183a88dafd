"""Seats without a job, for previews, and the turns of tenants that were refused one."""

from alembic import op

revision = "0005"
down_revision = "0004"

SEATS = """
ALTER TABLE seat ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE seat DROP CONSTRAINT seat_pkey;
ALTER TABLE seat ADD PRIMARY KEY (id);
ALTER TABLE seat ALTER COLUMN job_id DROP NOT NULL;
ALTER TABLE seat ADD CONSTRAINT seat_belongs CHECK (lane = 'preview' OR job_id IS NOT NULL);
CREATE UNIQUE INDEX seat_of_job ON seat (job_id);
"""

# Unlogged, as rates are: a crash forgets turns of a second or two.
TURNS = """
CREATE UNLOGGED TABLE preview_turn (
  tenant_id uuid NOT NULL,
  app_id text NOT NULL,
  weight integer NOT NULL CHECK (weight > 0),
  refused_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  PRIMARY KEY (app_id, tenant_id)
);
"""


def upgrade() -> None:
    """The code of revision 0004 names a job for each of its seats, and keeps working."""
    op.execute(SEATS)
    op.execute(TURNS)
    op.execute("ALTER TABLE preview_turn ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE preview_turn FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY preview_turn_of_tenant ON preview_turn TO kuduso_runtime "
        "USING (tenant_id = (SELECT kuduso.tenant_id()) "
        "AND app_id = ANY ((SELECT kuduso.app_ids())::text[]))"
    )
    op.execute(
        "CREATE POLICY preview_turn_of_platform ON preview_turn TO kuduso_runtime "
        "USING ((SELECT kuduso.is_platform()) "
        "AND app_id = ANY ((SELECT kuduso.app_ids())::text[]))"
    )
    op.execute("REVOKE ALL ON preview_turn FROM PUBLIC, anon, authenticated, kuduso_runtime")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON preview_turn TO kuduso_runtime")


def downgrade() -> None:
    """Every seat has a job again; previews that run lose theirs, and end within seconds."""
    op.execute("DROP TABLE preview_turn")
    op.execute("DELETE FROM seat WHERE job_id IS NULL")
    op.execute("ALTER TABLE seat DROP CONSTRAINT seat_belongs")
    op.execute("ALTER TABLE seat DROP CONSTRAINT seat_pkey")
    op.execute("DROP INDEX seat_of_job")
    op.execute("ALTER TABLE seat ADD PRIMARY KEY (job_id)")
    op.execute("ALTER TABLE seat DROP COLUMN id")
