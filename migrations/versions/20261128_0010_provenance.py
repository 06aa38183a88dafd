"""What a result was made of, as the AppServer signed it."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """The code of revision 0009 writes results without it, as before."""
    op.execute("ALTER TABLE result ADD COLUMN provenance_json jsonb")


def downgrade() -> None:
    """Drop what was added."""
    op.execute("ALTER TABLE result DROP COLUMN provenance_json")
