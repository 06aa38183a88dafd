"""${message}."""

from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Expand only: the code that is still running must keep working."""


def downgrade() -> None:
    """Undo the revision."""
