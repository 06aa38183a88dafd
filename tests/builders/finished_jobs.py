"""Many jobs that ended long ago, written in one statement."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

import psycopg

STATEMENT = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8").encode()


def add_finished_jobs(
    owner_url: str, count: int, tenant_id: UUID, app_id: str, before: datetime
) -> None:
    """Add `count` succeeded jobs with their events, outbox rows and results; refresh statistics."""
    values = {"count": count, "tenant_id": tenant_id, "app_id": app_id, "before": before}
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute(STATEMENT, values)
        connection.execute("VACUUM (ANALYZE) job, job_event, outbox, result")
