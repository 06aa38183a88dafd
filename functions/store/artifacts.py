"""Rows of stored files."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from functions.domain.artifact import Artifact, ExpiredArtifact
from functions.domain.job import Run
from functions.store.statements import load
from functions.store.tenant import Connection

_SQL = load("artifacts.sql")


async def add_artifacts(
    connection: Connection, run: Run, artifacts: Sequence[Artifact], now: datetime
) -> None:
    """Write one row for each file of a result."""
    for artifact in artifacts:
        await connection.execute(
            _SQL["add"],
            {
                "job_id": run.job_id,
                "tenant_id": run.tenant_id,
                "app_id": run.app_id,
                "kind": artifact.kind,
                "file_name": artifact.file_name,
                "media_type": artifact.media_type,
                "blob_path": artifact.blob_path,
                "size_bytes": artifact.size_bytes,
                "digest": artifact.digest,
                "now": now,
                "expires_at": artifact.expires_at,
            },
        )


async def list_artifacts(connection: Connection, job_id: UUID, now: datetime) -> list[Artifact]:
    """The files of a job that have not expired, in the order of the contract."""
    cursor = await connection.execute(_SQL["of_job"], {"job_id": job_id, "now": now})
    return [Artifact(**row) for row in await cursor.fetchall()]


async def list_expired(
    connection: Connection, app_ids: Iterable[str], now: datetime, limit: int
) -> list[ExpiredArtifact]:
    """Files whose time is over, oldest first."""
    cursor = await connection.execute(
        _SQL["expired"], {"app_ids": list(app_ids), "now": now, "limit": limit}
    )
    return [ExpiredArtifact(**row) for row in await cursor.fetchall()]


async def delete_artifacts(connection: Connection, ids: Sequence[int]) -> None:
    """Forget files whose blobs are gone."""
    await connection.execute(_SQL["delete"], {"ids": list(ids)})
