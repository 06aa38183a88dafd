"""Jobs that equal a submission: found under a lock, so that equal submissions meet."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from functions.domain.job import Job
from functions.store.statements import load
from functions.store.tenant import Connection

_SQL = load("submissions.sql")


async def find_equal(
    connection: Connection,
    tenant_id: UUID,
    app_id: str,
    hashes: Iterable[str],
    *,
    fresh_after: datetime,
    now: datetime,
) -> dict[str, Job]:
    """By hash, a job that already gives the answer, or is about to; a finished one first.

    A finished job counts if it ended after `fresh_after`, its result is there and none of its
    files has expired; an unfinished one if nobody has asked to cancel it. No other transaction
    looks for these hashes until this one has ended.
    """
    wanted = sorted(set(hashes))
    # The locks are the transaction's (a pooler may hand the connection on afterwards) and are taken
    # in one order, so that two batches cannot wait for each other. The second statement's snapshot
    # is younger than they are.
    cursor = await connection.execute_all(
        [
            (_SQL["lock_equal"], {"keys": sorted({_lock_key(one) for one in wanted})}),
            (
                _SQL["find_equal"],
                {
                    "tenant_id": tenant_id,
                    "app_id": app_id,
                    "hashes": wanted,
                    "fresh_after": fresh_after,
                    "now": now,
                },
            ),
        ]
    )
    cursor.nextset()
    return {row["inputs_hash"]: Job(**row) for row in await cursor.fetchall()}


def _lock_key(inputs_hash: str) -> int:
    # The hash covers tenant and app; PostgreSQL takes a signed 64-bit number.
    return int.from_bytes(bytes.fromhex(inputs_hash)[:8], signed=True)
