"""Rows of studies and of their files."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from functions.domain.artifact import Artifact
from functions.domain.job_filter import Cursor
from functions.domain.study import StopReason, Study, StudyDraft, StudyKey, StudyStatus
from functions.store.statements import load
from functions.store.tenant import Connection

_SQL = load("studies.sql")


async def insert_study(connection: Connection, study: StudyDraft) -> None:
    """Write the study and its points, all pending."""
    ids = {"id": study.key.study_id, "tenant_id": study.key.tenant_id, "app_id": study.key.app_id}
    await connection.execute(
        _SQL["insert"],
        {
            **ids,
            "definition": study.ref.definition,
            "version": study.ref.version,
            "base": Jsonb(study.base),
            "space": Jsonb(study.space),
            "paths": [path.text for path in study.paths],
            "objectives": Jsonb([objective.to_json() for objective in study.objectives]),
            "stop": Jsonb(study.stop),
            "concurrency": study.concurrency,
            "may_reuse": study.may_reuse,
            "size": len(study.points),
            "estimate_seat_s": study.estimate_seat_s,
            "labels": Jsonb(dict(study.labels)),
            "correlation_id": study.correlation_id,
            "traceparent": study.traceparent,
            "created_at": study.created_at,
        },
    )
    points = Jsonb([list(point) for point in study.points])
    await connection.execute(_SQL["insert_points"], {**ids, "points": points})


async def count_active(connection: Connection, tenant_id: UUID, app_id: str) -> int:
    """Studies of a tenant that have not ended."""
    values = {"tenant_id": tenant_id, "app_id": app_id}
    row = await (await connection.execute(_SQL["count_active"], values)).fetchone()
    return 0 if row is None else row["active"]


async def get_study(connection: Connection, study_id: UUID, app_ids: Iterable[str]) -> Study | None:
    """The study, if it is one of these apps and the transaction's tenant may see it."""
    return await _one(connection, "get", study_id, app_ids)


async def lock_study(
    connection: Connection, study_id: UUID, app_ids: Iterable[str]
) -> Study | None:
    """The same, and nobody else moves it until the transaction has ended."""
    return await _one(connection, "lock", study_id, app_ids)


async def list_studies(
    connection: Connection, tenant_id: UUID, app_id: str, limit: int, cursor: Cursor | None
) -> list[Study]:
    """Newest first; one more than the limit shows that another page follows."""
    values = {
        "tenant_id": tenant_id,
        "app_id": app_id,
        "last_at": None if cursor is None else cursor.created_at,
        "last_id": None if cursor is None else cursor.job_id,
        "limit": limit + 1,
    }
    found = await connection.execute(_SQL["page"], values)
    return [Study(**row) for row in await found.fetchall()]


async def touch(connection: Connection, study_id: UUID, now: datetime, *, has_moved: bool) -> None:
    """Note that the study is followed, and whether anything changed."""
    values = {"id": study_id, "now": now, "has_moved": has_moved}
    await connection.execute(_SQL["touch"], values)


async def ask_to_stop(
    connection: Connection, study_id: UUID, reason: StopReason, now: datetime
) -> None:
    """Let no further point start."""
    values = {"id": study_id, "reason": reason, "now": now}
    await connection.execute(_SQL["ask_to_stop"], values)


async def ask_to_cancel(connection: Connection, study_id: UUID, now: datetime) -> bool:
    """Note the wish; False when it has ended or was asked before."""
    cursor = await connection.execute(_SQL["ask_to_cancel"], {"id": study_id, "now": now})
    return cursor.rowcount == 1


async def finish(
    connection: Connection, study_id: UUID, status: StudyStatus, now: datetime
) -> bool:
    """Write the end; False when it had ended before."""
    values = {"id": study_id, "status": status, "now": now}
    return (await connection.execute(_SQL["finish"], values)).rowcount == 1


async def reopen(connection: Connection, study_id: UUID, now: datetime) -> None:
    """Begin another round: no stop rule has been met in it yet."""
    await connection.execute(_SQL["reopen"], {"id": study_id, "now": now})


async def list_unwatched(
    connection: Connection,
    app_ids: Iterable[str],
    *,
    unstarted_since: datetime,
    watched_until: datetime,
    limit: int,
) -> list[StudyKey]:
    """Running studies that nobody follows: not begun since one instant, or left since another."""
    values = {
        "app_ids": list(app_ids),
        "unstarted_since": unstarted_since,
        "watched_until": watched_until,
        "limit": limit,
    }
    cursor = await connection.execute(_SQL["unwatched"], values)
    return [StudyKey(**row) for row in await cursor.fetchall()]


async def put_files(
    connection: Connection, key: StudyKey, files: Sequence[Artifact], now: datetime
) -> None:
    """Write one row for each file; a later round's file takes the place of the earlier one."""
    ids = {"id": key.study_id, "tenant_id": key.tenant_id, "app_id": key.app_id, "now": now}
    for file in files:
        values = {
            "kind": file.kind,
            "file_name": file.file_name,
            "media_type": file.media_type,
            "blob_path": file.blob_path,
            "size_bytes": file.size_bytes,
            "digest": file.digest,
            "expires_at": file.expires_at,
        }
        await connection.execute(_SQL["put_file"], {**ids, **values})


async def list_files(connection: Connection, study_id: UUID, now: datetime) -> list[Artifact]:
    """The files of a study that have not expired."""
    cursor = await connection.execute(_SQL["files"], {"id": study_id, "now": now})
    return [Artifact(**row) for row in await cursor.fetchall()]


async def withdraw_files(connection: Connection, study_id: UUID, now: datetime) -> None:
    """Lead nobody to the study's files any more."""
    await connection.execute(_SQL["withdraw_files"], {"id": study_id, "now": now})


async def erase(connection: Connection, key: StudyKey) -> bool:
    """Delete the study with its points, files' rows and kept answers; False when it runs."""
    cursor = await connection.execute(_SQL["erase"], {"id": key.study_id})
    if cursor.rowcount == 0:
        return False
    await connection.execute(_SQL["forget_keys"], key.to_json())
    return True


async def _one(
    connection: Connection, name: str, study_id: UUID, app_ids: Iterable[str]
) -> Study | None:
    cursor = await connection.execute(_SQL[name], {"id": study_id, "app_ids": list(app_ids)})
    row = await cursor.fetchone()
    return None if row is None else Study(**row)
