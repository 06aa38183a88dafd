"""Alembic's entry: runs revisions against DATABASE_URL, each in a transaction of its own.

`lock_timeout` keeps a migration from queueing behind a long transaction and stopping everybody
else; a migration that cannot get its lock fails and is run again.
"""

import os

import psycopg
from alembic import context
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool


def run() -> None:
    """Upgrade or downgrade over one connection."""
    engine = create_engine(
        "postgresql+psycopg://",
        creator=lambda: psycopg.connect(os.environ["DATABASE_URL"]),
        poolclass=NullPool,
    )
    with engine.connect() as connection:
        connection.execute(text("SET lock_timeout = '5s'"))
        connection.execute(text("SET statement_timeout = '60s'"))
        connection.commit()
        context.configure(connection=connection, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


if context.is_offline_mode():
    raise SystemExit("Migrations run against a database: set DATABASE_URL and leave out --sql.")
run()
