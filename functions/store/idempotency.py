"""Answers kept under idempotency keys, written in the transaction of what they answer."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from functions.domain.errors import ConflictError, RejectedError
from functions.domain.idempotency import KEEP, IdempotencyKey, StoredAnswer
from functions.store.statements import load
from functions.store.tenant import Connection

RETRY_AFTER_S = 1
_SQL = load("idempotency.sql")


async def recall(
    connection: Connection, tenant_id: UUID, app_id: str, key: IdempotencyKey, now: datetime
) -> StoredAnswer | None:
    """Hold the key for this transaction; the answer it has, or None when the request is the first.

    Raises:
        ConflictError: idempotency_in_progress, another transaction holds the key.
        RejectedError: idempotency_key_reused, the key came with another body.
    """
    values = _names(tenant_id, app_id, key)
    # The second statement's snapshot is younger than the lock.
    cursor = await connection.execute_all(
        [
            (_SQL["try_lock"], {"lock": _lock(values)}),
            (_SQL["recall"], {**values, "now": now}),
        ]
    )
    row = await cursor.fetchone()
    if row is None or not row["is_locked"]:
        detail = "The first request with this key has not been answered yet."
        raise ConflictError(detail, code="idempotency_in_progress", retry_after_s=RETRY_AFTER_S)
    cursor.nextset()
    row = await cursor.fetchone()
    if row is None:
        return None
    if row["fingerprint"] != key.fingerprint:
        detail = "This key came with another body before; use a fresh key for a fresh request."
        raise RejectedError(detail, code="idempotency_key_reused")
    return StoredAnswer(row["status"], row["headers"], row["body"])


async def remember(
    connection: Connection,
    tenant_id: UUID,
    app_id: str,
    key: IdempotencyKey,
    answer: StoredAnswer,
    now: datetime,
) -> None:
    """Keep the answer for as long as the key lives."""
    await connection.execute(
        _SQL["remember"],
        {
            **_names(tenant_id, app_id, key),
            "fingerprint": key.fingerprint,
            "status": answer.status,
            "headers": Jsonb(dict(answer.headers)),
            "body": Jsonb(answer.body),
            "expires_at": now + KEEP,
        },
    )


async def forget_expired(
    connection: Connection, app_ids: Iterable[str], now: datetime, limit: int
) -> int:
    """Delete keys whose time is over, oldest first; the number of them."""
    values = {"app_ids": list(app_ids), "now": now, "limit": limit}
    return (await connection.execute(_SQL["forget"], values)).rowcount


def _names(tenant_id: UUID, app_id: str, key: IdempotencyKey) -> dict[str, object]:
    return {"tenant_id": tenant_id, "app_id": app_id, "route": key.route, "key": key.key}


def _lock(values: dict[str, object]) -> int:
    text = "\n".join(str(value) for value in values.values())
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], signed=True)
